"""What stands for the supply of leadclass: its dependencies locked, tried old and new, audited.

``nox -l`` lists the sessions; CONTRIBUTING.md says when to run which.
"""

from __future__ import annotations

import json
from pathlib import Path

import nox

nox.needs_version = ">=2024.4"
nox.options.default_venv_backend = "uv"
nox.options.sessions = ["minimum", "newest", "audit"]

#: The oldest Python that is supported, and all.
OLDEST = "3.11"
PYTHONS = [OLDEST, "3.12", "3.13"]

LOCKS = Path("requirements")

#: Databases of known vulnerabilities, asked in turn until one answers.
SERVICES = ("pypi", "osv")


@nox.session(python=OLDEST)
def minimum(session: nox.Session) -> None:
    """Run the tests with every dependency at the lowest version that pyproject.toml names."""
    session.install("--resolution", "lowest-direct", ".[test]")
    # What old versions warn of is mended in newer ones.
    _test(session, "-W", "default")


@nox.session(python=PYTHONS)
def newest(session: nox.Session) -> None:
    """Run the tests with the newest versions there are."""
    session.install("--upgrade", ".[test]")
    _test(session)


@nox.session
def locked(session: nox.Session) -> None:
    """Run the tests with the locked versions, every file checked against its hash."""
    session.install("--require-hashes", "-r", str(LOCKS / "build.txt"))
    session.install("--require-hashes", "-r", str(LOCKS / "dev.txt"))
    session.install("--no-deps", "--no-build-isolation", ".")
    _test(session)


@nox.session
def lock(session: nox.Session) -> None:
    """Write the locks anew: the newest versions that fit, for every system, with their hashes."""
    session.install("uv")
    for name, extras in nox.project.load_toml()["tool"]["leadclass"]["locks"].items():
        _compile(session, name, "pyproject.toml", *(f"--extra={extra}" for extra in extras))
    # What builds leadclass is no dependency of it: it comes from a file of its own.
    _compile(session, "build", str(LOCKS / "build.in"))


@nox.session(venv_backend="venv")
def audit(session: nox.Session) -> None:
    """Look the locked versions up among known vulnerabilities; says so where no one answers."""
    session.install("pip-audit")
    for service in SERVICES:
        page = Path(session.create_tmp()).resolve() / f"audit-{service}.json"
        page.unlink(missing_ok=True)
        session.run(
            *("pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner=off"),
            *("--requirement", str(LOCKS / "all.txt"), "--vulnerability-service", service),
            *("--format=json", "--output", str(page)),
            success_codes=[0, 1],
            silent=True,
        )
        # A service that cannot be reached leaves no page, or one on which all are passed over:
        # neither means that nothing is wrong.
        found = json.loads(page.read_text())["dependencies"] if page.exists() else []
        answered = [one for one in found if "skip_reason" not in one]
        if not answered:
            session.warn(f"{service} does not answer")
            continue
        bad = [
            f"{one['name']} {one['version']}: {flaw['id']}, mended in "
            + (", ".join(flaw["fix_versions"]) or "no version")
            for one in answered
            for flaw in one["vulns"]
        ]
        if bad:
            session.error("\n".join(bad))
        unknown = [one["name"] for one in found if "skip_reason" in one]
        session.log(f"{service} knows of nothing wrong with {len(answered)} packages")
        if unknown:
            session.warn(f"nor does it know {', '.join(unknown)}")
        return
    session.skip("NOT AUDITED: no database of vulnerabilities can be reached from here")


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel twice, elsewhere and at another time, and compare the bytes."""
    session.install("--require-hashes", "-r", str(LOCKS / "build.txt"))
    session.install(".[test]")
    session.run("pytest", "-o", "addopts=", "tests/test_wheel.py", *session.posargs)


@nox.session
def shipped(session: nox.Session) -> None:
    """Train the shipped model anew and compare; needs the real statements in LEADCLASS_SHARED."""
    session.install("--require-hashes", "-r", str(LOCKS / "dev.txt"))
    session.install(".[test]")
    session.env["LEADCLASS_WHOLE"] = "1"
    session.run("pytest", "-o", "addopts=", "tests/test_training.py", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz all that reads what others wrote; options of the fuzzer come after ``--``."""
    session.install(".[fuzz,test]")
    session.run("python", "-m", "fuzz", *(session.posargs or ["--seconds", "60"]))


def _test(session: nox.Session, *options: str) -> None:
    session.run("python", "-m", "pytest", *options, *(session.posargs or ["tests"]))


def _compile(session: nox.Session, name: str, source: str, *options: str) -> None:
    session.run(
        *("uv", "pip", "compile", "--quiet", "--no-config", "--universal", "--generate-hashes"),
        *("--upgrade", "--python-version", OLDEST, "--custom-compile-command", "nox -s lock"),
        *("--output-file", str(LOCKS / f"{name}.txt"), *options, source),
    )
