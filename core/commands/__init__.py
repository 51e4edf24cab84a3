"""The ground floor's commands: `flask audit | backup | restore | prepare | serve`. docs: commands in README and docs/."""
