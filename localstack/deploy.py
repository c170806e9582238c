"""Deploys Switchboard to the emulator, waits until it answers a player, and prints its URL.

What goes wrong is one sentence at the end, after the last lines of whoever knows more: Terraform, or the functions.
"""

import json
import os
import platform
import socket
import subprocess
import sys
import time
import urllib.request
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

CONFIGURATION = "/switchboard/terraform"
STATE = Path("/state/terraform.tfstate")
# What `tests` waits for: one of these.
DEPLOYED, FAILED = Path("/state/websocket_url"), Path("/state/failed")
EMULATOR = os.environ.get("AWS_ENDPOINT_URL", "")
# The queues for players that are shipped, and those with which the end-to-end suite plays.
QUEUES = [Path(CONFIGURATION, "queues.default.json"), Path("/switchboard/tests/queues.json")]
TAGS = {"ms-custom-id": "switchboard", "_custom_id_": "switchboard"}
ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64"}

ANSWERS_WITHIN_SECONDS = 30
PROGRESS_EVERY_SECONDS = 5
LAST_LINES = 40
LAST_LINES_OF_LOG = 15
PING = b'{"action":"ping"}'


class Failure(Exception):
    """One sentence that names what is wrong and says what to do."""


def main():
    """Deploys, and leaves word for `tests`."""
    STATE.parent.mkdir(exist_ok=True)
    for word in (DEPLOYED, FAILED):
        word.unlink(missing_ok=True)
    try:
        url = deploy()
    except Failure as failure:
        FAILED.touch()
        sys.exit(f"error: {failure}")
    DEPLOYED.write_text(url, encoding="utf-8")
    # Inside, the emulator's port is fixed; outside, it is the one that Compose was told to publish.
    published = os.environ.get("PUBLISHED_PORT") or "4566"
    say(f"Switchboard is up: {url.replace(':4566/', f':{published}/')}")


def deploy():
    """Deploys; the URL inside the emulator's network."""
    expect_emulator()
    say("Deploying ...")
    apply()
    outputs = {name: output["value"] for name, output in json.loads(terraform("output", "-json")).items()}
    url = outputs["websocket_url"]
    say("Waiting for the socket to answer ...")
    try:
        wait_for_pong(url)
    except OSError as error:
        show_logs(outputs["log_group_names"])
        raise Failure(
            f"Switchboard is deployed and does not answer ({error}); the last lines of its functions are above, "
            "and all of the emulator's in `docker compose logs localstack`"
        ) from error
    return url


def expect_emulator():
    """Fails where nothing answers, or another emulator than the one that the variables speak of."""
    try:
        get("/_localstack/health")
    except OSError as error:
        raise Failure(
            f"AWS_ENDPOINT_URL names {EMULATOR or 'nothing'}, where no emulator answers ({error}); "
            "`docker compose logs localstack` says why"
        ) from error
    try:
        get("/_ministack/ready")
    except OSError:
        return
    if os.environ.get("LOCALSTACK_AUTH_TOKEN"):
        raise Failure(
            "LOCALSTACK_AUTH_TOKEN is set, but the emulator is the one that is built here; set LOCALSTACK_IMAGE too and run "
            "`docker compose pull localstack` before `up`, or unset the token"
        )


def get(path):
    """What the emulator answers at a path."""
    try:
        with urllib.request.urlopen(EMULATOR + path, timeout=10) as answer:
            return answer.read()
    except ValueError as error:
        raise OSError(error) from error


def apply():
    """Makes the emulator what the configuration says, and tells how far it is."""
    # None is told to hurry: a queue alone takes the provider 25 s.
    arguments = ["apply", "-no-color", "-auto-approve", "-input=false", f"-state={STATE}"]
    last, done, told = deque(maxlen=LAST_LINES), 0, time.monotonic()
    with subprocess.Popen(
        ["terraform", *arguments],
        cwd=CONFIGURATION,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout:
            last.append(line)
            done += "complete after" in line
            if time.monotonic() - told > PROGRESS_EVERY_SECONDS:
                told = time.monotonic()
                say(f"  {done} resources are done")
    if process.returncode != 0:
        sys.stderr.writelines(last)
        raise Failure(
            "Terraform could not deploy to the emulator; its last lines are above, the emulator's in "
            "`docker compose logs localstack`"
        )
    say(f"  {done} resources are done")


def terraform(*arguments):
    """What Terraform prints."""
    command = ["terraform", arguments[0], "-no-color", f"-state={STATE}", *arguments[1:]]
    done = subprocess.run(command, cwd=CONFIGURATION, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"`terraform {arguments[0]}` failed: {done.stderr.strip()}")
    return done.stdout


def environment():
    """Terraform's, with variables for an emulator on this very processor; those that are set already stay."""
    machine = platform.machine()
    variables = {
        # A fixed id makes a fixed URL. The first tag fixes it in the image that is built here, the second in LocalStack.
        "TF_VAR_api_tags": json.dumps(TAGS),
        "TF_VAR_architecture": ARCHITECTURES.get(machine, machine),
        "TF_VAR_deletion_protection": "false",
        "TF_VAR_packages_directory": "/packages",
        "TF_VAR_queues": os.environ.get("SWITCHBOARD_QUEUES") or queues(),
        "TF_IN_AUTOMATION": "true",
        "CHECKPOINT_DISABLE": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return variables | os.environ


def queues():
    """What is shipped, and what the end-to-end suite needs besides."""
    named = {}
    for file in QUEUES:
        for queue in json.loads(file.read_text(encoding="utf-8")):
            named.setdefault(queue["name"], queue)
    return json.dumps(list(named.values()))


def wait_for_pong(url):
    """Pings until the answer is a pong: then the API, a function and its rights are all there."""
    deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
    while True:
        try:
            answer = ping(url)
            if b"pong" in answer:
                return
            error = OSError(f"it answers a ping with {answer.decode(errors='replace')}")
        except OSError as problem:
            error = problem
        if time.monotonic() > deadline:
            raise error
        time.sleep(0.5)


def ping(url):
    """Sends one message over a WebSocket; what comes back, which fits one short frame."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port or 80), timeout=ANSWERS_WITHIN_SECONDS) as stream:
        stream.sendall(
            f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c3dpdGNoYm9hcmQtcGluZw==\r\n\r\n".encode()
        )
        answers = stream.makefile("rb")
        status = answers.readline()
        if b" 101 " not in status:
            raise OSError(f"it refuses the connection with `{status.decode(errors='replace').strip()}`")
        while answers.readline().strip():
            pass
        # A final text frame, masked with zeros: masking is obligatory, secrecy is not.
        stream.sendall(bytes([0x81, 0x80 | len(PING), 0, 0, 0, 0]) + PING)
        start = answers.read(2)
        if len(start) < 2:
            raise OSError("it hangs up at a ping")
        length = start[1] & 0x7F
        if length == 126:
            length = int.from_bytes(answers.read(2), "big")
        return answers.read(length)


def show_logs(groups):
    """Shows the end of every function's log. One that cannot be read must not hide the failure itself."""
    for group in groups.values():
        request = urllib.request.Request(
            EMULATOR,
            data=json.dumps({"logGroupName": group}).encode(),
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "Logs_20140328.FilterLogEvents",
                "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, "
                "SignedHeaders=host, Signature=none",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                events = json.load(answer)["events"]
        except (OSError, ValueError, KeyError):
            continue
        messages = [event["message"].rstrip() for event in events]
        # What Lambda says about every call is left out.
        messages = [text for text in messages if not text.startswith(("START ", "END ", "REPORT "))]
        if messages:
            print("\n".join([f"--- last lines of {group} ---", *messages[-LAST_LINES_OF_LOG:]]), file=sys.stderr)


def say(line):
    """Prints at once: Compose shows what it gets."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
