"""Laws that hold on any history."""
