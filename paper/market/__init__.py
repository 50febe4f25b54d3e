"""What the market shows: walks of the underlyings, what options are worth, and the quotes made of them."""
