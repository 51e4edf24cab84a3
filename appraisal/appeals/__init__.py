"""Appeals against a signed grade: an uninvolved reviewer grades anew, blind, then a panel of three; who was right is public."""
