"""What becomes of an order: the broker's checks, the venue, and the durable book of orders, cash and positions."""
