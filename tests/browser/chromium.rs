//! A Chromium of its own for each test: started, watched and ended.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use wirecodes_tests::root;

/// What the reader prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

/// A browser that shows the page.
pub struct Browser {
    client: Client,
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
    pub async fn start() -> Option<Self> {
        let (Some(chromedriver), Some(chromium)) =
            (program(&["chromedriver"]), program(&["chromium", "chromium-browser", "google-chrome"]))
        else {
            println!("skipped: there is no chromium with chromedriver; on Debian: apt-get install chromium chromium-driver");
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
        let Value::Object(capabilities) = capabilities else { unreachable!("it is an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session starts");
        let browser = Self { client, driver, _profile: profile };
        browser
            .devtools("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }))
            .await;
        Some(browser)
    }

    /// Opens the page again, at a query or a fragment.
    pub async fn open(&self, suffix: &str) {
        let page = root().canonicalize().expect("the root exists").join("generated/docs/index.html");
        self.client.goto("about:blank").await.expect("an empty page opens");
        self.client.goto(&format!("file://{}{suffix}", page.display())).await.expect("the page opens");
    }

    /// Runs a script.
    pub async fn run(&self, script: &str) -> Value {
        self.run_with(script, Vec::new()).await
    }

    /// Runs a script with arguments.
    pub async fn run_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script that calls `done` with its result.
    pub async fn run_later(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.client.execute_async(&script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a script returns true.
    pub async fn wait(&self, script: &str) {
        for _ in 0..100 {
            if self.run(script).await == json!(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("never: {script}");
    }

    /// Clicks an element.
    pub async fn click(&self, selector: &str) {
        let element = self.client.find(Locator::Css(selector)).await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Presses keys, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        let actions = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |actions, key| {
            actions.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key })
        });
        self.client.perform_actions(actions).await.expect("keys can be pressed");
    }

    /// What was copied last.
    pub async fn clipboard(&self) -> String {
        let text = self.run_later("navigator.clipboard.readText().then(done, error => done('' + error))").await;
        text.as_str().expect("a text").to_owned()
    }

    /// Shows the page at a width and in a colour scheme.
    pub async fn emulate(&self, width: u32, scheme: Scheme) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700 });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let value = if scheme == Scheme::Dark { "dark" } else { "light" };
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] }))
            .await;
    }

    /// Shows the page as it is printed, on paper of A4.
    pub async fn print(&self) {
        let size = json!({ "width": 703, "height": 1016, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    }

    /// Whether pages may run scripts.
    pub async fn scripts(&self, are_on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !are_on })).await;
    }

    /// Ends the session. Nothing was logged as an error, and nothing but the page was loaded.
    pub async fn finish(self) {
        let logged = self.log("browser").await;
        assert_eq!(logged, [""; 0], "the console is not empty");
        let mut has_page = false;
        let requested = self.log("performance").await.into_iter().filter_map(|entry| {
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
        self.close().await;
    }

    /// Ends the session.
    pub async fn close(self) {
        self.client.clone().close().await.expect("the session ends");
    }

    async fn log(&self, kind: &'static str) -> Vec<String> {
        let entries = self.client.issue_cmd(Chrome { path: "se/log", body: json!({ "type": kind }) }).await.expect("a log");
        entries.as_array().into_iter().flatten().filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client
            .issue_cmd(Chrome { path: "goog/cdp/execute", body })
            .await
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

/// A command that only chromedriver has.
#[derive(Debug)]
struct Chrome {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Chrome {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
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
