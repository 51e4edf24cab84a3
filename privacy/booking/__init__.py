"""预约信息清除: points with a bench, what they wipe, when, for how much; a resident books a slot and follows it like a parcel."""
