"""Ways of selling and passing on, one folder each; they never import each other."""
