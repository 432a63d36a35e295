"""The simulated Alipay itself: a request in, an answer and events out; no I/O."""
