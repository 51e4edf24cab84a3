"""What people do to their accounts and organisations: verbs that take a Work."""
