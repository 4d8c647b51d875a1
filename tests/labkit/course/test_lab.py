from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from labkit.course.lab import told
from labkit.course.syllabus import Course
from labkit.course.work import Change

START_S = 60


def test_the_lab_answers_on_this_machine_only_and_ctrl_c_stops_it(course: Course, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "labkit", "lab", "--no-browser", "--dir", str(tmp_path / "work")]
    env = {**os.environ, "LABKIT_COURSE_DIR": str(course.root), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as lab:
        assert lab.stdout is not None
        try:
            shown = ""
            for line in lab.stdout:
                shown += line
                if "Ctrl-C stops it" in line:
                    break
            url = re.search(r"http://127\.0\.0\.1:\d+/lab/tree/START-HERE\.ipynb\?token=\S+", shown)
            assert url is not None, shown
            with urllib.request.urlopen(url[0], timeout=START_S) as answer:
                page = answer.read().decode()
            assert re.search(r'"news":\s*\{"disabled":\s*true\}', page)
            assert re.search(r'"disabledExtensions":[^]}]*"@jupyterlab/apputils-extension:announcements"', page)
        finally:
            lab.send_signal(signal.SIGINT)
            rest = lab.stdout.read()
            code = lab.wait(timeout=START_S)
    assert code == 0, rest
    assert "Traceback" not in shown + rest
    assert (tmp_path / "work" / "START-HERE.ipynb").is_file()


SERVER = """
import asyncio, os, signal, urllib.request
from tornado import httpserver, netutil, web
from labkit.course.timelimit import on_ctrl_c

class Site(web.Application):
    def find_handler(self, request, **more):  # whatever is raised here, tornado logs and forgets
        os.kill(os.getpid(), signal.SIGINT)
        return super().find_handler(request, **more)

async def serve():
    (socket,) = netutil.bind_sockets(0, "127.0.0.1")
    httpserver.HTTPServer(Site([("/", web.RequestHandler)])).add_socket(socket)
    url = "http://127.0.0.1:%d/" % socket.getsockname()[1]
    await loop.run_in_executor(None, urllib.request.urlopen, url)

loop = asyncio.new_event_loop()
on_ctrl_c(loop, loop.stop)
task = loop.create_task(serve())
loop.run_forever()
print("heard it", flush=True)
os._exit(0)  # what is left of the request is of no interest
"""


def test_ctrl_c_in_the_middle_of_an_answer_is_heard() -> None:
    done = subprocess.run([sys.executable, "-c", SERVER], capture_output=True, text=True, timeout=START_S, check=False)
    assert done.stdout == "heard it\n", done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change("a.ipynb", "added"), "a.ipynb: added"),
        (Change("a.ipynb", "kept", "a.new.ipynb"), "a.ipynb: yours is kept as you left it; the course's new version lies"),
    ],
)
def test_each_change_is_told_in_a_sentence(change: Change, says: str) -> None:
    assert told(change).startswith(says)
