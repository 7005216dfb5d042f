"""What deploy/ says fits the project, and itself: nothing there is run by the tests."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from thresher import __version__
from thresher.cli import app
from thresher.config import load_config

ROOT: Final = Path(__file__).parents[1]
DEPLOY: Final = ROOT / "deploy"
USER: Final = 10_001
METRICS_PORT: Final = 9_464
WORKER: Final = ["worker", "--config", "/etc/thresher/thresher.toml", "--metrics", f"0.0.0.0:{METRICS_PORT}"]


def containerfile() -> Iterator[tuple[str, str]]:
    """The instructions, each with what follows it in one line."""
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            instruction, _, rest = line.partition(" ")
            yield instruction, " ".join(rest.split())


def all_of(instruction: str) -> list[str]:
    return [rest for name, rest in containerfile() if name == instruction]


def last_of(instruction: str) -> str:
    return all_of(instruction)[-1]


@cache
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def kubernetes(name: str) -> Any:
    return yaml.safe_load((DEPLOY / "kubernetes" / name).read_text(encoding="utf-8"))


def pyproject() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pods() -> dict[str, Any]:
    """The templates of pods, by file."""
    return {
        "workers.yaml": kubernetes("workers.yaml")["spec"]["template"]["spec"],
        "crawl.yaml": kubernetes("crawl.yaml")["spec"]["jobTemplate"]["spec"]["template"]["spec"],
    }


def test_the_image_has_two_stages_of_one_base_and_runs_as_nobody_in_particular() -> None:
    assert all_of("FROM") == ["${BASE} AS build", "${BASE}"]
    assert last_of("USER") == f"{USER}:{USER}"
    assert f"useradd --uid {USER} " in last_of("RUN")
    assert last_of("COPY") == "--from=build /opt/thresher /opt/thresher"
    assert last_of("STOPSIGNAL") == "SIGTERM"
    assert last_of("EXPOSE") == str(METRICS_PORT)
    assert yaml.safe_load(last_of("ENTRYPOINT")) == ["/usr/bin/tini", "--", "thresher"]
    assert yaml.safe_load(last_of("CMD")) == WORKER


def test_the_image_installs_pinned_wheels_and_leaves_no_installer() -> None:
    build = all_of("RUN")[0]
    assert "--constraint constraints.txt" in build
    assert "--only-binary :all: --no-binary langdetect " in build
    assert "pip uninstall --yes pip" in build


def test_what_the_image_installs_are_extras_of_the_project() -> None:
    named = re.search(r"thresher\[([\w,]+)\]", all_of("RUN")[0])
    assert named is not None
    assert set(named[1].split(",")) <= pyproject()["project"]["optional-dependencies"].keys()


def test_everything_copied_is_there_and_let_through() -> None:
    sources = [part for rest in all_of("COPY") if not rest.startswith("--from") for part in rest.split()[:-1]]
    assert sources[:3] == ["constraints.txt", "pyproject.toml", "README.md"]
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source


def test_every_package_of_the_wheel_is_copied() -> None:
    packages = {name.rstrip("*") for name in pyproject()["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages == {source.split()[0] for source in all_of("COPY")} & packages


def test_the_versions_agree() -> None:
    assert pyproject()["project"]["version"] == __version__
    assert f"VERSION={__version__}" in all_of("ARG")
    assert compose()["services"]["worker"]["image"] == f"thresher:{__version__}"
    assert kubernetes("kustomization.yaml")["images"][0]["newTag"] == __version__
    base = next(rest for rest in all_of("ARG") if rest.startswith("BASE="))
    made_for = re.search(r"python:(\d+\.\d+)-slim", base)
    assert made_for is not None
    assert pyproject()["project"]["requires-python"] == f">={made_for[1]}"


@pytest.mark.parametrize("service", ["worker", "enqueue"])
def test_services_of_compose_are_shut_in(service: str) -> None:
    ours = compose()["services"][service]
    assert ours["user"] == f"{USER}:{USER}"
    assert ours["read_only"] is True
    assert ours["cap_drop"] == ["ALL"]
    assert ours["security_opt"] == ["no-new-privileges:true"]
    assert [mount.partition(":")[0] for mount in ours["tmpfs"]] == ["/tmp"]
    assert ours["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert {volume.split(":")[1]: volume.endswith(":ro") for volume in ours["volumes"]} == {
        "/etc/thresher": True,
        "/data": False,
    }


def test_compose_runs_two_workers_and_stops_them_in_order() -> None:
    worker = compose()["services"]["worker"]
    assert worker["command"] == WORKER
    assert worker["deploy"]["replicas"] == 2
    assert worker["stop_grace_period"] == "3m"
    assert worker["restart"] == "unless-stopped"
    assert f":{METRICS_PORT}/metrics" in worker["healthcheck"]["test"][-1]
    assert "ports" not in worker


def test_the_database_of_compose_is_reached_by_services_alone() -> None:
    database = compose()["services"]["db"]
    assert "ports" not in database
    assert database["networks"] == ["database"]
    assert compose()["networks"]["database"] == {"internal": True}
    assert database["volumes"] == ["database:/var/lib/postgresql/data"]
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert compose()["services"]["enqueue"]["profiles"] == ["enqueue"]


def test_no_password_stands_in_a_file() -> None:
    variables = {"POSTGRES_PASSWORD", "PGPASSWORD"}
    for service in compose()["services"].values():
        for name in variables & service.get("environment", {}).keys():
            assert service["environment"][name] == "${POSTGRES_PASSWORD:?set it in .env}"
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    assert re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE) == [
        ("POSTGRES_PASSWORD", ""),
        ("THRESHER_CONTACT", ""),
    ]
    for file in DEPLOY.rglob("*.toml"):
        assert not re.search(r"://[^/\s]*:[^/\s]*@", file.read_text(encoding="utf-8")), file


def test_configurations_are_valid_and_name_the_services() -> None:
    environ = {"THRESHER_CONTACT": "you@example.net"}
    here = load_config(DEPLOY / "config" / "thresher.toml", environ=environ)
    there = load_config(DEPLOY / "kubernetes" / "thresher.toml", environ=environ)
    assert here.database == "postgresql+psycopg://thresher@db/thresher"
    assert there.database.startswith("postgresql+psycopg://thresher@")
    assert {here.output, there.output} == {Path("/data")}
    settings = compose()["services"]["db"]["environment"]
    assert (settings["POSTGRES_USER"], settings["POSTGRES_DB"]) == ("thresher", "thresher")


@pytest.mark.parametrize("file", ["workers.yaml", "crawl.yaml"])
def test_pods_are_shut_in(file: str) -> None:
    pod = pods()[file]
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "fsGroup": USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert pod["automountServiceAccountToken"] is False
    assert pod["terminationGracePeriodSeconds"] == 180
    assert "hostNetwork" not in pod  # a lease tells machines apart by their host names
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    mounts = {mount["mountPath"]: mount.get("readOnly", False) for mount in container["volumeMounts"]}
    assert mounts == {"/etc/thresher": True, "/data": False, "/tmp": False}
    assert {mount["name"] for mount in container["volumeMounts"]} == {
        volume["name"] for volume in pod["volumes"]
    }
    assert "memory" in container["resources"]["limits"]


def test_workers_of_kubernetes_serve_metrics() -> None:
    worker = kubernetes("workers.yaml")
    (container,) = worker["spec"]["template"]["spec"]["containers"]
    assert worker["spec"]["replicas"] == 2
    assert container["args"] == WORKER
    assert container["ports"] == [{"name": "metrics", "containerPort": METRICS_PORT}]
    assert container["readinessProbe"]["httpGet"] == {"path": "/metrics", "port": "metrics"}
    assert "livenessProbe" not in container
    labels = worker["spec"]["template"]["metadata"]["labels"]
    assert worker["spec"]["selector"]["matchLabels"] == labels
    annotations = worker["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(METRICS_PORT)


def test_the_cron_job_of_kubernetes_never_runs_twice_and_is_not_alarmed_by_another_run() -> None:
    crawl = kubernetes("crawl.yaml")["spec"]
    job = crawl["jobTemplate"]["spec"]
    (container,) = job["template"]["spec"]["containers"]
    assert crawl["concurrencyPolicy"] == "Forbid"
    assert job["backoffLimit"] == 0
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    assert container["command"] == ["/usr/bin/tini", "-e", "75", "--", "thresher"]
    assert container["args"] == ["crawl", "--quiet", "--config", "/etc/thresher/thresher.toml"]
    ignored, alarm = job["podFailurePolicy"]["rules"]
    assert ignored["action"] == "Ignore"
    assert alarm["onExitCodes"] == {"containerName": "crawl", "operator": "In", "values": [3]}


def test_the_kustomization_names_files_that_are_there() -> None:
    kustomization = kubernetes("kustomization.yaml")
    files = [*kustomization["resources"], *kustomization["configMapGenerator"][0]["files"]]
    assert files == ["namespace.yaml", "workers.yaml", "thresher.toml"]
    for file in files:
        assert (DEPLOY / "kubernetes" / file).is_file()
    images = {pod["containers"][0]["image"] for pod in pods().values()}
    assert images == {kustomization["images"][0]["name"]}


def test_commands_that_are_deployed_exist() -> None:
    commands = {info.name or (info.callback and info.callback.__name__) for info in app.registered_commands}
    assert {"worker", "crawl"} <= commands


def test_prometheus_reads_the_alerts_and_finds_the_workers() -> None:
    configured = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
    (job,) = configured["scrape_configs"]
    assert configured["rule_files"] == ["alerts.yaml"]
    assert job["dns_sd_configs"] == [{"names": ["worker"], "type": "A", "port": METRICS_PORT}]
    alerts = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    documented = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(Thresher\w+)`", documented, re.MULTILINE) == alerts
    assert {f'job="{job["job_name"]}"'} == set(re.findall(r'job="\w+"', str(rules)))


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool (Debian package prometheus)")
def test_alerts_are_raised_when_they_should_be() -> None:
    done = subprocess.run(
        ["promtool", "test", "rules", "alerts_test.yaml"],
        cwd=DEPLOY / "prometheus",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
