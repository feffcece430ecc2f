//! A Chromium of its own for each test: started, watched and ended.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use wirecodes_tests::{root, skip};

/// What the reader prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

/// A browser that shows the page.
pub struct Browser {
    /// The address of the session, under which the driver takes commands.
    session: String,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session has ended unless the test failed; either way nothing stays behind.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Starts a browser. Where there is none, prints that the test is skipped and why.
    pub fn start() -> Option<Self> {
        let (Some(chromedriver), Some(chromium)) =
            (program(&["chromedriver"]), program(&["chromium", "chromium-browser", "google-chrome"]))
        else {
            skip("there is no chromium with chromedriver; on Debian: apt-get install chromium chromium-driver");
            return None;
        };
        let (driver, port) = started(&chromedriver);
        let profile = tempfile::tempdir().expect("a temporary folder");
        let arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"]
            .map(str::to_owned);
        let arguments: Vec<String> =
            arguments.into_iter().chain([format!("--user-data-dir={}", profile.path().display())]).collect();
        let capabilities = json!({
            "goog:chromeOptions": { "binary": chromium, "args": arguments },
            "timeouts": { "script": 180_000 },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let sessions = format!("http://127.0.0.1:{port}/session");
        let started = post(&sessions, &json!({ "capabilities": { "alwaysMatch": capabilities } }));
        let session = format!("{sessions}/{}", started["sessionId"].as_str().expect("a session starts"));
        let browser = Self { session, driver, _profile: profile };
        let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        browser.devtools("Browser.grantPermissions", &permissions);
        Some(browser)
    }

    /// Opens the page again, at a query or a fragment.
    pub fn open(&self, suffix: &str) {
        let page = root().canonicalize().expect("the root exists").join("generated/docs/index.html");
        for url in ["about:blank".to_owned(), format!("file://{}{suffix}", page.display())] {
            self.command("url", &json!({ "url": url }));
        }
    }

    /// Runs a script.
    pub fn run(&self, script: &str) -> Value {
        self.run_with(script, &[])
    }

    /// Runs a script with arguments.
    pub fn run_with(&self, script: &str, arguments: &[Value]) -> Value {
        self.command("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs a script that calls `done` with its result.
    pub fn run_later(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.command("execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Waits until a script returns true.
    pub fn wait(&self, script: &str) {
        for _ in 0..100 {
            if self.run(script) == json!(true) {
                return;
            }
            sleep(Duration::from_millis(30));
        }
        panic!("never: {script}");
    }

    /// Clicks an element.
    pub fn click(&self, selector: &str) {
        let found = self.command("element", &json!({ "using": "css selector", "value": selector }));
        // The one key of the answer is a name that the standard gives to elements.
        let element = found.as_object().and_then(|found| found.values().next()?.as_str()).expect("an element");
        self.command(&format!("element/{element}/click"), &json!({}));
    }

    /// Presses keys, wherever the focus is.
    pub fn keys(&self, keys: &str) {
        let press = |key: char| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }));
        let actions: Vec<Value> = keys.chars().flat_map(press).collect();
        self.command("actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }));
    }

    /// What was copied last.
    pub fn clipboard(&self) -> String {
        let text = self.run_later("navigator.clipboard.readText().then(done, error => done('' + error))");
        text.as_str().expect("a text").to_owned()
    }

    /// Shows the page at a width and in a colour scheme.
    pub fn emulate(&self, width: u32, scheme: Scheme) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700 });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
        let value = if scheme == Scheme::Dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "screen", "features": features }));
    }

    /// Shows the page as it is printed, on paper of A4.
    pub fn print(&self) {
        let size = json!({ "width": 703, "height": 1016, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// Whether pages may run scripts.
    pub fn scripts(&self, are_on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": !are_on }));
    }

    /// Ends the session. Nothing was logged as an error, and nothing but the page was loaded.
    pub fn finish(self) {
        let logged = self.log("browser");
        assert_eq!(logged, [""; 0], "the console is not empty");
        let mut has_page = false;
        let requested = self.log("performance").into_iter().filter_map(|entry| {
            let entry: Value = serde_json::from_str(&entry).ok()?;
            let parameters = &entry["message"]["params"];
            // The browser's own first page requests things as well.
            let is_of_page = parameters["documentURL"].as_str().is_some_and(|url| url.starts_with("file:"));
            let is_request = entry["message"]["method"] == "Network.requestWillBeSent" && is_of_page;
            is_request.then(|| parameters["request"]["url"].as_str().unwrap_or_default().to_owned())
        });
        for url in requested {
            let is_page = url.contains("/generated/docs/index.html");
            assert!(is_page || url.starts_with("data:"), "the page requests {url}");
            has_page |= is_page;
        }
        assert!(has_page, "the log has no request at all");
        self.close();
    }

    /// Ends the session.
    pub fn close(self) {
        ureq::delete(&self.session).call().expect("the session ends");
    }

    fn log(&self, kind: &'static str) -> Vec<String> {
        let entries = self.command("se/log", &json!({ "type": kind }));
        entries.as_array().into_iter().flatten().filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// A command of the session, and its value.
    fn command(&self, path: &str, body: &Value) -> Value {
        post(&format!("{}/{path}", self.session), body)
    }
}

/// Sends a command to the driver, and returns the value of its answer.
fn post(url: &str, body: &Value) -> Value {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.post(url).content_type("application/json").send(body.to_string()).expect("the driver answers");
    let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().expect("the answer is text");
    let mut value: Value = serde_json::from_str(&text).expect("the answer is JSON");
    assert!(answer.status().is_success(), "{url} {body}: {value}");
    value["value"].take()
}

/// A running chromedriver, and its port.
fn started(chromedriver: &str) -> (Child, String) {
    let mut driver = Command::new(chromedriver)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts");
    let lines = BufReader::new(driver.stdout.take().expect("its output is piped")).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned()));
    let port = port.expect("chromedriver names its port");
    (driver, port)
}

/// A program by one of its names, if it is installed.
fn program(names: &[&str]) -> Option<String> {
    let paths = env::var_os("PATH")?;
    let found = |name: &&str| env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file());
    names.iter().find_map(found).map(|path| path.display().to_string())
}
