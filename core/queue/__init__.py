"""One queue for everything that waits for a person: who has it, until when, what was decided and why."""
