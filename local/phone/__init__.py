"""The employees' phones: the server and the page that stand in for Auth0 Guardian, and automatic answers."""
