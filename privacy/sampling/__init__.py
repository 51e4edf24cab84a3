"""抽查复验: of accepted wipes a drawn share goes to a third person, who tries to recover data with another tool."""
