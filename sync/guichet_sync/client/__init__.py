"""The post's side of the exchange: the only rooms that speak to a network."""
