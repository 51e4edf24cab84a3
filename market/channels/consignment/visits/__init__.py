"""预约寄卖: a point says when it has time for who brings things; a resident books a slot and writes what they bring."""
