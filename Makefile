# Thousand Sails. `make help` lists the targets; everything is thin over one command, `sails`.
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
SAILS := $(PYTHON) -m deploy.sails
LOCK := requirements.lock
STAMP := $(VENV)/requirements.sha256
# One more than two cores have: processes under test are waited for as often as they are busy.
TEST_WORKERS ?= 3
# Where images forbid Python its cache, each process of a platform would compile all of it anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup portal run stop status doctor demo test bench bench-matching chaos cluster lint lock docs

help: ## 列出所有目标 / list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(STAMP) ## 准备本机：虚拟环境、消息代理、数据库程序 / virtualenv, broker, database programs
	@$(SAILS) setup

portal: $(STAMP) ## 构建门户 / build the portal
	@$(SAILS) portal

run: setup portal ## 启动全部 / start everything and return when it is ready
	@$(SAILS) run

stop: ## 停止全部 / stop everything
	@$(SAILS) stop

status: ## 查看运行状态 / what runs, and where
	@$(SAILS) status

doctor: ## 检查环境 / check this machine and say what to do next
	@$(SAILS) doctor

demo: setup portal ## 完整演示一笔交易（DATA=目录 用真实数据）/ carry one deal from demand to settlement (DATA=folder)
	@$(SAILS) demo $(if $(DATA),--data "$(DATA)")

test: setup ## 全部检查与测试 / every check and test
	@$(MAKE) --no-print-directory -j2 -O lint portal
	@$(PYTHON) -m tests.portal.chromium
	@$(PYTHON) -m tests.e2e.tools
	@$(PYTHON) -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

bench: setup ## 测量性能（BENCH=名称）/ measure, beside yardsticks (BENCH="drain reads")
	@$(PYTHON) -m tests.bench $(BENCH)

bench-matching: $(STAMP) ## 测量匹配的增长（SIZES=供给数）/ measure how matching grows (SIZES="20000 200000")
	@$(PYTHON) -m tests.bench matching

chaos: setup ## 带负载注入全部故障并核对（SEED= 重放，NODES=3 集群）/ break it under load, then check (SEED= repeats)
	@$(PYTHON) -W ignore -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(NODES),--nodes $(NODES))

cluster: setup ## 三节点消息代理：杀掉一个、断开一个再恢复 / three broker nodes: one killed, one cut off and healed
	@$(PYTHON) -m pytest -m cluster tests/integration/messaging/test_cluster.py

lint: $(STAMP) ## 代码检查 / ruff, mypy, import rules
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(VENV)/bin/lint-imports

lock: ## 更新依赖锁文件（需要 uv）/ renew the lock of what runs (needs uv)
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 requirements-dev.in -o $(LOCK)
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 deploy/node.in -o deploy/node.lock

docs: $(STAMP) ## 由声明生成文档 / write docs/events, docs/capabilities.md and docs/kinds.md anew
	@$(PYTHON) -m deploy.sails.docs

# The stamp holds the hash of the lock that was installed; a new lock is installed once.
$(STAMP): $(LOCK) pyproject.toml
	@$(MAKE) --no-print-directory virtualenv
	@sum=$$(sha256sum < $(LOCK)); if [ "$$sum" != "$$(cat $@ 2>/dev/null)" ]; then \
	  echo "安装依赖 / installing packages"; \
	  $(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCK) \
	  && $(PYTHON) -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e . \
	  || exit 1; \
	  fi; echo "$$sum" > $@

.PHONY: virtualenv
virtualenv: # python is there before pip: one whose making was cut short is made anew
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then exit; fi; \
	for python in python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
	    if ! $$python -c 'import ensurepip' 2>/dev/null; then \
	      echo "缺少 venv 模块，请先运行 / a package is missing, first run: apt install python3-venv"; exit 1; \
	    fi; \
	    echo "$$($$python --version) → $(VENV)"; exec $$python -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "需要 Python 3.11–3.13（Debian：apt install python3 python3-venv）/ Python 3.11-3.13 is needed"; exit 1
