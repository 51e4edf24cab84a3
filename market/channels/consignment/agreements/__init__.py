"""Consignment agreements (寄售协议): what a shop and a consignor agree on, as versioned data, its text, its signatures."""
