"""Where things come from and what they have touched: answered from what the stores recorded when they were made."""
