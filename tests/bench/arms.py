"""Arms: what is measured. An arm's `run` does its work once and gives what it measured itself,
{"seconds": …, …}, so that the way to it and back is in nobody's time.

Most arms live in a child process that speaks one JSON object a line: {"do": "resize", …} in,
{"seconds": …} or {"error": "…"} out. A child lives as long as its group, and holds what was loaded."""

import json
import subprocess
import time


class Unavailable(Exception):
    """Something that a group needs is not here; the message says what, and what it was for."""


class Call:
    """An arm of this process: a function, timed; or one that gives its own readings."""

    def __init__(self, function):
        self.function = function

    def run(self):
        begin = time.perf_counter()
        found = self.function()
        seconds = time.perf_counter() - begin
        return found if isinstance(found, dict) else {"seconds": seconds}


class Child:
    """A process that answers requests, one at a time."""

    def __init__(self, command, name=None, **options):
        self.name = name or str(command[0])
        try:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
            )
        except OSError as error:
            raise Unavailable(f"{self.name} could not be started: {error}") from error

    def ask(self, **request):
        """One request, one answer."""
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # What it said, or that it ended, is read below.
        line = self.process.stdout.readline()
        if not line:
            raise Unavailable(f"{self.name} ended with status {self.process.wait()} at {request}")
        answer = json.loads(line)
        if "error" in answer:
            raise Unavailable(f"{self.name}: {answer['error']}")
        return answer

    def arm(self, **request):
        """An arm that asks this each time."""
        return Request(self, request)

    def close(self):
        """Ends it: its input closes, and after a while it is ended."""
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Request:
    """An arm in a child process."""

    def __init__(self, child, request):
        self.child, self.request = child, request

    def run(self):
        return self.child.ask(**self.request)
