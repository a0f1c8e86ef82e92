"""What the sandbox can do, one module per area: its rules, and its state where it has any."""
