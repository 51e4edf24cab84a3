"""Consignment (寄卖): a shop sells in its own name what others bring. Legal form: 行纪合同, Civil Code 951-960."""
