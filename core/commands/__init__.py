"""The ground floor's commands: `flask audit | backup | restore | start | prepare | serve`. docs: commands in README and docs/."""
