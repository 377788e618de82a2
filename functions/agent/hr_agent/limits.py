"""Sizes, times and the OAuth scope that several rooms of the agent share."""

from datetime import timedelta
from typing import Final

REQUIRED_SCOPE: Final = "read:employee_status"

MAX_REQUEST_BYTES: Final = 100_000  # a question is a sentence or two; a task must stay far below DynamoDB's 400 KB
MAX_JSON_VALUES: Final = 5_000  # of a request: to parse one as protobuf takes ten times as long as to read its JSON
MAX_MESSAGE_BYTES: Final = 100_000  # as protobuf, in which a list of numbers is six times as long as in JSON
MAX_TEXT_CHARACTERS: Final = 2_000
MAX_TASK_BYTES: Final = 300_000  # a DynamoDB item has at most 400 KB, and the approval workflow has to write too
MAX_PAGE_BYTES: Final = 5_500_000  # of the tasks in a list; a Lambda response has at most 6 MB

BLOCKING_WAIT: Final = timedelta(seconds=20)  # API Gateway gives up after 30 s; a cold start comes before
FLOWING_WINDOW: Final = timedelta(minutes=10)  # longer than the time an employee has to answer
