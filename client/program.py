"""One run of the program, from the options to the exit code."""

import asyncio
import logging
import uuid

from client.agent_client import Agent, connect
from client.arguments import Options
from client.connection import resolve
from client.display import TerminalDisplay
from client.errors import ClientError, UnexpectedError, UsageError
from client.exit_code import ExitCode, exit_code_of
from client.http_client import open_http
from client.local_stack import find_stack
from client.report import report
from client.runtime_context import RuntimeContext, read_text
from client.statement import StatementCheck
from client.task_session import TaskSession
from client.task_view import TaskView

logger = logging.getLogger(__name__)


def run(options: Options, context: RuntimeContext) -> ExitCode:
    """Asks the agent and prints the answer. An expected error is one line on stderr and an exit code."""
    return _Run(options, context).exit_code()


class _Run:
    def __init__(self, options: Options, context: RuntimeContext) -> None:
        self._options = options
        self._context = context
        self._statement: StatementCheck = None
        self._task: TaskSession | None = None
        self._display = TerminalDisplay(context.err if options.json else context.out, context.err, context.time)

    def exit_code(self) -> ExitCode:
        try:
            # One event loop for the whole run. It is left for each prompt, so that Ctrl-C works there too.
            with self._display, asyncio.Runner() as runner:
                view = self._session(runner)
            return self._ended(view)
        except ClientError as error:
            return self._failed(error)
        except KeyboardInterrupt:
            self._display.note(f"Interrupted. {self._how_to_go_on()}")
            self._print_report(self._display.last)
            return ExitCode.INTERRUPTED
        except Exception as error:  # noqa: BLE001 - the outermost level; Python's own exit code 1 means "not confirmed"
            return self._failed(UnexpectedError(error))

    def _session(self, runner: asyncio.Runner) -> TaskView:
        question = self._question()
        connection = resolve(self._options, find_stack(self._context.folder), self._context.environment)
        http = open_http(self._context.http)
        try:
            agent = runner.run(connect(http, connection, self._context.time))
            view = self._converse(runner, self._task_session(agent), question)
            self._statement = agent.verify_attestation(view)
            return view
        finally:
            runner.run(http.aclose())

    def _question(self) -> str:
        option = self._options.question
        question = read_text(self._context.stdin) if option == "-" else option
        if not question.strip():
            raise UsageError("The question is empty.")
        return question.strip()

    def _task_session(self, agent: Agent) -> TaskSession:
        return TaskSession(
            agent,
            self._context.time,
            self._options.timeout_seconds,
            lambda: str(uuid.uuid4()),
            on_change=self._display.show,
            on_retry=lambda text: self._display.note(f"{text} Trying again."),
            task_id=self._options.task_id or "",
            context_id=self._options.context_id or "",
        )

    def _converse(self, runner: asyncio.Runner, session: TaskSession, question: str) -> TaskView:
        self._task = session
        view = runner.run(session.ask(question))
        while view.needs_input and (reply := self._reply()):
            view = runner.run(session.ask(reply))
        return view

    def _reply(self) -> str:
        """The user's answer; empty without a terminal, or if the user only pressed Enter."""
        is_interactive = self._display.is_live and self._context.stdin.isatty()
        return self._display.prompt(self._context.stdin) if is_interactive else ""

    def _how_to_go_on(self) -> str:
        """For the user who pressed Ctrl-C. The request stays open: the agent answers the same question with it."""
        if self._task is None or not self._task.has_sent:
            return "No request had been sent yet."
        if not self._task.task_id:
            return "The request may be open; run the same command to see it."
        ids = f"--task-id {self._task.task_id} --context-id {self._task.context_id}"
        return f"The request stays open; run the same command to see it. To cancel it: {ids} cancel"

    def _ended(self, view: TaskView) -> ExitCode:
        code = exit_code_of(view, self._statement)
        self._display.finish(view, code, self._statement)
        self._print_report(view, self._statement if isinstance(self._statement, ClientError) else None)
        return code

    def _failed(self, error: ClientError) -> ExitCode:
        logger.debug("the run failed", exc_info=error)
        self._display.error(str(error))
        self._print_report(self._display.last, error)
        return ExitCode.ERROR

    def _print_report(self, view: TaskView | None, error: ClientError | None = None) -> None:
        if self._options.json:
            text = report(view, self._display.history, self._display.elapsed_seconds(), error, self._statement)
            print(text, file=self._context.out.file)
