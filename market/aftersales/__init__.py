"""After-sales: returns, repairs, refunds, compensation; disputes with a mediator, evidence and appeal."""
