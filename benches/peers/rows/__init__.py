"""The rows of the table: one file each, with one function `measure(bench)`."""
