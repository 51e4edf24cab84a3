"""The register of things: category, serial digests, owner, custody, photos."""
