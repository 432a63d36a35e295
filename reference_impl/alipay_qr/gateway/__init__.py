"""The simulated Alipay side."""
