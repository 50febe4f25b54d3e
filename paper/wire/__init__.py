"""The broker's faces: REST routes, the account stream and the quote stream, and the JSON that they speak."""
