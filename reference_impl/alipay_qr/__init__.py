"""Alipay's Merchant QR Code protocol (the "mapi" gateway), small enough to read in an evening."""
