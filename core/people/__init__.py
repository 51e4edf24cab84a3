"""People: accounts, organisations, memberships and roles, sign-in, second factor, consent."""
