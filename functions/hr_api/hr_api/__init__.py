"""HR API of Staff0: reads the record of the employee to whom the access token belongs."""
