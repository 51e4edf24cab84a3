"""Clerical corrections of a certificate: one person proposes, another approves. The signed text stays; an amendment stands beside
it."""
