"""What can be drawn, by family. A motif is `name(canvas, n)`: n chooses colours and small differences."""
