# make serve   opens the CRM with demo data
# make test    everything that must hold
# make bench   figures beside a plain-C floor

SWIFT ?= swift
PORT ?= 8080

.PHONY: serve test test-core test-fuzz test-crash test-storm test-web test-api screenshots budgets bench setup check-swift

setup: check-swift
	@sh Scripts/setup.sh

check-swift:
	@command -v $(SWIFT) >/dev/null 2>&1 || { \
	  echo "没有找到 Swift：请先从 https://www.swift.org/install 安装 Swift 6.1 或更新版本，然后再运行 make。"; \
	  echo "Swift is missing: install Swift 6.1 or later from https://www.swift.org/install, then run make again."; exit 3; }

# A release build starts in milliseconds; it is made when a release build exists or WEIR_RELEASE=1 asks for it, else a debug build serves.
serve: setup
	@sh Scripts/serve.sh $(PORT)

test: setup
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

# The rooms without outside packages: seconds.
test-core: setup
	WEIR_ROOMS=core $(SWIFT) test --scratch-path .build-core

# Many pairs of a generated formula and a record, in three time zones, through every engine; SEEDS says how many rounds, thousands of
# pairs each, and FIRST with which one to begin.
test-fuzz: setup
	WEIR_ROOMS=core WEIR_SEEDS=$(or $(SEEDS),400) WEIR_FIRST_SEED=$(or $(FIRST),1) $(SWIFT) test --scratch-path .build-core --filter AgreementTests

# The executable killed again and again while it acts by itself; KILLS says how often. Its summary is the last thing it prints.
test-crash: setup
	$(SWIFT) build --build-tests
	WEIR_KILLS=$(or $(KILLS),500) $(SWIFT) test --skip-build --filter AutomationCrashTests

# Stories by seed through the engine and through a plain model of it; SEEDS says how many.
test-storm: setup
	$(SWIFT) build --build-tests
	WEIR_SEEDS=$(or $(SEEDS),1000) $(SWIFT) test --skip-build --filter StormTests

# In a real browser; installs Chromium and its drivers when missing.
test-web: setup
	@sh Tests/Web/run.sh

# The API against its own OpenAPI document, on every app; installs schemathesis when missing.
test-api: setup
	@sh Tests/API/run.sh

# Takes the pictures of the README anew.
screenshots: setup
	@SCRIPT=screenshots.py sh Tests/Web/run.sh

# How large pages are and how long they take with 100,000 records, on a release build.
budgets: setup
	@CONFIGURATION=release SCRIPT=budgets.py sh Tests/Web/run.sh

bench: setup
	$(SWIFT) build -c release --product weir
	$(SWIFT) run -c release Benchmarks
