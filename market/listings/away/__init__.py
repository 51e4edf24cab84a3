"""What leads away from the market in people's words: contact details and paying past it."""
