"""The address of a Spark in, a session out that is quiet, and says in one line what it lacks."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from leadclass.errors import LeadclassError, missing_extra

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Set where spark-submit has started Spark, and this process in it.
_SUBMITTED = "PYSPARK_GATEWAY_PORT"

#: Where these are set, Spark's own settings may name a cluster.
_CONFIGURED = {"SPARK_HOME", "SPARK_CONF_DIR"}

_SETTINGS = {
    # Names are taken as they stand, as everywhere in leadclass, and so are names of folders.
    "spark.sql.caseSensitive": "true",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # Every encoding that Java knows.
    "spark.sql.legacy.javaCharsets": "true",
    # Times to the microsecond, in a type that says that they are in UTC.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}

#: For a Spark on this machine: no open port, and no look-up of its name, which may have none.
_LOCAL_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
}


@contextmanager
def spark_session(master: str | None) -> Iterator[SparkSession]:
    """A session for the length of the block.

    Parameters
    ----------
    master : str, optional
        The address of a cluster, or ``local[N]``; by default what Spark's own settings say,
        and where they say nothing all cores of this machine. A Spark that runs in this process
        already is used, and left running.

    Yields
    ------
    pyspark.sql.SparkSession

    Raises
    ------
    LeadclassError
        If pyspark or Java is missing, or Spark does not start.
    """
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        raise missing_extra(error.name or "pyspark", "spark", "--engine spark") from None
    running = SparkSession.getActiveSession()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyspark's, about pandas: not for who runs a command
        session = _start(master) if running is None else _beside(running)
        try:
            yield session
        finally:
            if running is None:
                with suppress(Exception):
                    session.stop()


def _beside(running: SparkSession) -> SparkSession:
    session = running.newSession()
    for name, value in _SETTINGS.items():
        session.conf.set(name, value)
    return session


def _start(master: str | None) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("leadclass").config(map=dict(_SETTINGS))
    if master is not None:
        builder = builder.master(master)
    if _SUBMITTED not in os.environ:
        _check_java()
        builder = builder.config("spark.ui.showConsoleProgress", "false")
        if _is_local(master):
            builder = builder.config(map=dict(_LOCAL_SETTINGS))
            # Else it asks a name server, before its settings hold, what this machine is called.
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
            # Not the python3 of the path, which may lack leadclass.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory(prefix="leadclass-") as folder:
        log = Path(folder) / "spark.log"
        try:
            with _stderr_to(log):
                return builder.getOrCreate()
        except Exception as error:
            raise _no_start(master, error, log) from None


def _is_local(master: str | None) -> bool:
    """Whether Spark is to run on this machine, as far as can be told before it does."""
    if master is None:
        return not _CONFIGURED & os.environ.keys()
    return master.startswith("local")


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java") if home is None else shutil.which(str(Path(home) / "bin" / "java"))
    if java is None:
        raise LeadclassError(
            "Spark needs Java, which is not found" + (" in JAVA_HOME" if home else ""),
            remedy="install Java 17 or later, or set JAVA_HOME to its folder",
        )


@contextmanager
def _stderr_to(log: Path) -> Iterator[None]:
    """Send standard error to a file: Java, once started, keeps it and has much to tell."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _no_start(master: str | None, error: Exception, log: Path) -> LeadclassError:
    lines = log.read_text("utf-8", "replace").splitlines()
    said = [line for line in lines if "rror" in line or "xception" in line]
    reason = said[0] if said else str(error).strip().split("\n")[0]
    reason = re.sub(r"^.*?(?:Exception|Error): ", "", reason)
    return LeadclassError(
        f"Spark does not start{f' with --master {master}' if master else ''} ({_short(reason)})",
        remedy="check --master, and that java -version says 17 or later",
    )


@contextmanager
def one_line(source: str) -> Iterator[None]:
    """Say in one line, with the table, what goes wrong in the block.

    Raises
    ------
    LeadclassError
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except LeadclassError as error:
        error.file = error.file or source
        raise
    except (PySparkException, Py4JError) as error:
        raise _failure(source, str(error)) from None


def _failure(source: str, said: str) -> LeadclassError:
    """What went wrong in Spark, of the hundreds of lines that it says it in."""
    for sign, problem, remedy in _KNOWN:
        found = re.search(sign, said)
        if found:
            return LeadclassError(problem.format(*found.groups()), file=source, remedy=remedy)
    causes = re.findall(r"(?:Exception|Error): (\S.*)", said)
    reason = causes[-1] if causes else said.strip().split("\n")[0]
    return LeadclassError(
        f"Spark failed ({_short(reason)})",
        file=source,
        remedy="see the log of Spark, or use --engine local",
    )


#: A sign of a failure, what is wrong then, and what to do.
_KNOWN = (
    (
        r"ModuleNotFoundError: (No module named '[\w.]+')",
        "a worker of Spark says: {}",
        "install leadclass where the executors run",
    ),
    (
        r"PATH_NOT_FOUND",
        "no such file",
        "check the path, and whether it is one where Spark runs",
    ),
    (
        r"CSV header",
        "its files have not the same columns in the same order",
        "tag them one by one",
    ),
    (
        r"MALFORMED|[Mm]alformed|INVALID_JSON_RECORD|TextParsingException|Unescaped quote",
        "a row is broken, or has more or fewer cells than the header",
        "--engine local names the row",
    ),
)


def _short(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."


_LONGEST_REASON = 200
