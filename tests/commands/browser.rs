//! The HTML page in a real browser: Chromium, driven by chromedriver. Without a browser, each test says that it is skipped.

mod chromium;

use std::collections::BTreeSet;

use chromium::{Browser, Scheme};
use serde_json::{Value, json};
use wirecodes_tests::{npm, root, skip};

/// The version of axe-core, which knows what excludes people.
const AXE: &str = "4.11.0";

/// The checks that share a browser: to start one takes longer than most of them. A panic names the check.
fn all(checks: &[fn(&Browser)]) {
    let Some(browser) = Browser::start() else { return };
    for check in checks {
        browser.emulate(1280, Scheme::Light);
        check(&browser);
    }
    browser.finish();
}

#[test]
fn what_is_searched_is_found_and_can_be_reached() {
    all(&[
        a_code_is_found_by_number_hex_name_and_word,
        what_is_called_as_was_searched_comes_first,
        filters_show_what_they_say,
        a_link_to_a_code_shows_it_and_wins_over_a_filter,
        the_keyboard_is_enough,
    ]);
}

#[test]
fn the_page_fits_every_screen_and_paper() {
    all(&[
        a_drawing_that_is_cut_says_so,
        no_width_scrolls_sideways_and_no_scheme_hides_text,
        paper_has_tables_and_drawings_and_nothing_to_click,
    ]);
}

#[test]
fn the_page_needs_no_script() {
    all(&[the_tables_are_there_without_javascript]);
}

/// A code that only one row of the page has: its path, number and name, read from the page itself.
fn some_code(browser: &Browser) -> (String, u64, String) {
    let row = browser
        .run(
            "const rows = [...document.querySelectorAll('section.table tbody tr')].filter(row => /^\\d+$/.test(row.querySelector('th').textContent));
             const count = {}; for (const row of rows) { const n = row.querySelector('th').textContent; count[n] = (count[n] || 0) + 1; }
             const row = rows.filter(row => count[row.querySelector('th').textContent] === 1 && row.querySelector('.id')).pop();
             return [row.id, Number(row.querySelector('th').textContent), row.querySelector('.id').textContent];",
        );
    (text(&row[0]), row[1].as_u64().expect("a number"), text(&row[2]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The rows of codes that are shown.
fn shown(browser: &Browser) -> BTreeSet<String> {
    let rows =
        "return [...document.querySelectorAll('section.table tbody tr')].filter(row => row.checkVisibility()).map(row => row.id)";
    browser.run(rows).as_array().expect("a list").iter().map(text).collect()
}

fn search(browser: &Browser, word: &str) -> BTreeSet<String> {
    browser.run_with(
        "const q = document.getElementById('q'); q.value = arguments[0]; q.dispatchEvent(new Event('input', {bubbles: true}))",
        &[json!(word)],
    );
    shown(browser)
}

fn a_code_is_found_by_number_hex_name_and_word(browser: &Browser) {
    browser.open("");
    let all = shown(browser);
    let (id, number, ident) = some_code(browser);
    for word in [number.to_string(), format!("0x{number:x}"), format!("0X{number:X}")] {
        assert_eq!(search(browser, &word), BTreeSet::from([id.clone()]), "{word}");
    }
    for word in [ident.clone(), ident.to_lowercase()] {
        assert!(search(browser, &word).contains(&id), "{word}");
    }
    assert!(search(browser, &format!("{ident} {number}")).contains(&id));
    assert!(search(browser, "no such word at all").is_empty());
    assert_eq!(browser.run("return document.getElementById('nothing').checkVisibility()"), json!(true));
    let unknown = search(browser, "64999");
    assert!(!unknown.is_empty() && unknown.iter().all(|id| id.ends_with("/unknown")), "{unknown:?}");
    assert_eq!(search(browser, ""), all);
}

/// In the order of the page.
fn in_order(browser: &Browser) -> Vec<String> {
    let rows =
        "return [...document.querySelectorAll('section.table tbody tr')].filter(row => row.checkVisibility()).map(row => row.id)";
    browser.run(rows).as_array().expect("a list").iter().map(text).collect()
}

fn what_is_called_as_was_searched_comes_first(browser: &Browser) {
    browser.open("");
    let before = in_order(browser);
    for word in ["invalid session", "InvalidSession", "Invalid-Session"] {
        let found = search(browser, word);
        let rows = in_order(browser);
        assert!(found.len() > 1 && rows[0] == "discord/v10/gateway-opcodes/9", "{word}: {rows:?}");
        browser.keys("/\u{e015}");
        assert_eq!(browser.run("return document.activeElement.closest('tr').id"), json!(rows[0]), "{word}");
    }
    // Half of a name is no name, and later everything is where it was.
    let _ = search(browser, "invalid sess");
    let rows = in_order(browser);
    assert_eq!(rows, before.iter().filter(|id| rows.contains(id)).cloned().collect::<Vec<_>>());
    let _ = search(browser, "");
    assert_eq!(in_order(browser), before);
    // Nearly every response says that it is not to be sent again: nobody searches for that.
    let again = search(browser, "send again");
    assert!(!again.is_empty() && again.len() < 100, "{} rows", again.len());
}

fn a_drawing_that_is_cut_says_so(browser: &Browser) {
    for (width, is_cut) in [(390, true), (1280, false)] {
        browser.emulate(width, Scheme::Light);
        browser.open("");
        browser.run("for (const details of document.querySelectorAll('.drawing')) details.open = true");
        let cut = "return [...document.querySelectorAll('.drawing .scroll')].map(box => [box.scrollWidth > box.clientWidth, getComputedStyle(box, '::before').content.includes('Scroll')])";
        let drawings = browser.run(cut);
        assert!(drawings.as_array().is_some_and(|drawings| !drawings.is_empty()));
        assert!(
            drawings.as_array().into_iter().flatten().all(|drawing| *drawing == json!([is_cut, is_cut])),
            "{width}: {drawings}"
        );
    }
}

fn filters_show_what_they_say(browser: &Browser) {
    browser.open("");
    for filter in ["system", "edition", "table"] {
        let options = browser
            .run_with("return [...document.getElementById(arguments[0]).options].map(option => option.value)", &[json!(filter)]);
        for option in options.as_array().expect("a list").iter().skip(1) {
            let choose = "const select = document.getElementById(arguments[0]); select.value = arguments[1]; select.dispatchEvent(new Event('change', {bubbles: true}))";
            browser.run_with(choose, &[json!(filter), option.clone()]);
            let rows = shown(browser);
            assert!(!rows.is_empty(), "{filter} {option}");
            let part = |id: &str| match filter {
                "system" => id.split('/').next().map(str::to_owned),
                "edition" => id.splitn(3, '/').take(2).map(str::to_owned).reduce(|a, b| format!("{a}/{b}")),
                _ => id.split('/').nth(2).map(str::to_owned),
            };
            assert!(rows.iter().all(|id| part(id).as_deref() == option.as_str()), "{filter} {option}: {rows:?}");
        }
        browser.click("#find button[type=reset]");
    }
    for (filter, value) in [("group", "not-found"), ("fault", "service")] {
        browser.open(&format!("?{filter}={value}"));
        let badges = "return [...document.querySelectorAll('section.table tbody tr')].filter(row => row.checkVisibility()).map(row => row.querySelector('.badge')?.textContent ?? '')";
        let badges = browser.run(badges);
        let badges = badges.as_array().expect("a list");
        assert!(badges.len() > 3 && badges.iter().all(|badge| text(badge).split(" · ").any(|word| word == value)), "{badges:?}");
    }
    browser.open("");
    for action in ["resume", "new-session", "stop", "retry"] {
        browser.click(&format!("input[name=action][value={action}]"));
        let wrong = "return [...document.querySelectorAll('section.table tbody tr')].filter(row => row.checkVisibility() && !row.querySelector('b.' + arguments[0])).length";
        assert_eq!(browser.run_with(wrong, &[json!(action)]), json!(0), "{action}");
        assert!(text(&browser.run("return location.search")).contains(action), "the address does not keep the filter");
        browser.click("#find button[type=reset]");
    }
}

fn a_link_to_a_code_shows_it_and_wins_over_a_filter(browser: &Browser) {
    browser.open("");
    let (id, ..) = some_code(browser);
    browser.open(&format!("?q=no-such-word#{id}"));
    let is_seen = "const box = document.getElementById(arguments[0]).getBoundingClientRect(); return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight";
    assert_eq!(browser.run_with(is_seen, &[json!(id)]), json!(true), "{id}");
    let top = "const box = document.getElementById(arguments[0]).getBoundingClientRect(); return document.elementFromPoint(box.left + 20, box.top + box.height / 2).closest('tr').id";
    assert_eq!(browser.run_with(top, &[json!(id)]), json!(id), "something covers it");
}

fn the_keyboard_is_enough(browser: &Browser) {
    browser.open("");
    let (id, number, _) = some_code(browser);
    browser.keys("/");
    browser.keys(&number.to_string());
    assert_eq!(browser.run("return document.activeElement.id"), json!("q"));
    browser.keys("\u{e015}");
    assert_eq!(browser.run("return document.activeElement.closest('tr').id"), json!(id), "arrow down goes to the first hit");
    // The next stop is the button that copies the path.
    browser.keys("\u{e004}");
    browser.keys("\u{e007}");
    browser.wait("return document.getElementById('said').textContent.startsWith('Copied ')");
    let said = text(&browser.run("return document.getElementById('said').textContent"));
    let path = text(&browser.run_with("return document.getElementById(arguments[0]).closest('section').dataset.rust + '::' + document.getElementById(arguments[0]).querySelector('.id').textContent", &[json!(id)]));
    assert_eq!(said, format!("Copied {path}"));
    assert_eq!(browser.clipboard(), path);
    browser.run("document.querySelector('tbody th a').closest('body').querySelector('#q').focus()");
    browser.keys("\u{e00c}");
    assert_eq!(browser.run("return document.getElementById('q').value"), json!(""), "escape clears");
}

fn no_width_scrolls_sideways_and_no_scheme_hides_text(browser: &Browser) {
    browser.open("");
    for scheme in [Scheme::Light, Scheme::Dark] {
        let mut colours = BTreeSet::new();
        for width in [320, 768, 1920] {
            browser.emulate(width, scheme);
            let over = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert_eq!(over, json!(0), "{width} pixels, {scheme:?}");
            colours.insert(text(&browser.run("return getComputedStyle(document.body).backgroundColor")));
        }
        assert_eq!(colours.len(), 1);
        let is_dark = colours.iter().next().is_some_and(|colour| colour != "rgb(255, 255, 255)");
        assert_eq!(is_dark, scheme == Scheme::Dark, "{colours:?}");
    }
}

fn paper_has_tables_and_drawings_and_nothing_to_click(browser: &Browser) {
    browser.open("?q=4014");
    browser.print();
    browser.run("dispatchEvent(new Event('beforeprint'))");
    for gone in ["#find", "nav", "footer"] {
        let script = format!("return document.querySelector('{gone}').checkVisibility()");
        assert_eq!(browser.run(&script), json!(false), "{gone} is printed");
    }
    let over = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(over, json!(0), "the paper is not wide enough");
    let display = "return getComputedStyle(document.querySelector('section.table:not([hidden]) tbody td')).display";
    assert_eq!(browser.run(display), json!("table-cell"), "paper is laid out as a phone");
    browser.open("");
    browser.run("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.run("return [...document.querySelectorAll('svg')].every(svg => svg.checkVisibility())"), json!(true));
}

fn the_tables_are_there_without_javascript(browser: &Browser) {
    browser.open("");
    let (id, ..) = some_code(browser);
    let all = shown(browser);
    browser.scripts(false);
    browser.open(&format!("#{id}"));
    browser.scripts(true);
    assert_eq!(shown(browser), all);
    assert_eq!(browser.run("return document.getElementById('find').checkVisibility()"), json!(false), "a form that does nothing");
}

/// Removes each row that is built like one before it in its table: axe looks at an element for seconds, whatever it says.
const ONE_OF_EACH_SHAPE: &str = "let kept = 0;
    for (const body of document.querySelectorAll('tbody')) {
        const seen = new Set();
        for (const row of [...body.rows]) {
            const shape = [row, ...row.querySelectorAll('*')].map(e => e.tagName + '.' + e.className + (e.hidden ? '!' : '')).join(' ');
            if (seen.has(shape)) row.remove(); else { seen.add(shape); kept += row.hidden ? 0 : 1; }
        }
    }
    return kept;";

#[test]
fn axe_finds_nothing() {
    let axe = match npm::package("axe-core", AXE) {
        Ok(folder) => std::fs::read_to_string(folder.join("axe.min.js")).expect("axe-core is one file"),
        Err(reason) => return skip(&reason),
    };
    let Some(browser) = Browser::start() else { return };
    // A scheme changes the colours alone.
    for (width, scheme, suffix, rules) in
        [(1280, Scheme::Light, "", "{}"), (390, Scheme::Dark, "?q=2", "{runOnly: ['color-contrast']}")]
    {
        browser.emulate(width, scheme);
        browser.open(suffix);
        browser.run("for (const details of document.querySelectorAll('details')) details.open = true");
        let rows = browser.run(ONE_OF_EACH_SHAPE);
        assert!(rows.as_u64() > Some(5), "{rows} rows are left of {suffix}");
        browser.run_with("(0, eval)(arguments[0])", &[json!(axe)]);
        let told = "result => done(result.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.any.map(a => a.message).join(' ')).join('\\n')))";
        let found = browser.run_later(&format!("axe.run(Object.assign({{resultTypes: ['violations']}}, {rules})).then({told})"));
        assert_eq!(found, json!([]), "{width} pixels, {scheme:?}, {suffix}");
    }
    browser.close();
}

#[test]
fn the_page_is_where_the_tests_open_it() {
    assert!(root().join("generated/docs/index.html").exists(), "run `cargo xtask codegen`");
}
