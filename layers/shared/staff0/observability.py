"""One logger for every function. Records carry task ids and codes: no token, no address, no name (A2A 13.4)."""

from aws_lambda_powertools import Logger

logger = Logger()  # service name and level from POWERTOOLS_*
