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
        a_path_or_a_line_of_a_log_finds_its_code,
        a_misspelt_word_is_asked_about,
        what_is_called_as_was_searched_comes_first,
        filters_show_what_they_say,
        a_link_to_a_code_shows_it_and_wins_over_a_filter,
        a_link_holds_what_is_filtered,
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
    // Another table lists it: this one answers as the table that it extends, or as for any unknown code.
    for (asked, id) in [("?q=1006&edition=discord/v10", "/others"), ("?q=4000&table=voice-close-codes", "/unknown")] {
        browser.open(asked);
        let found = shown(browser);
        assert!(found.iter().any(|found| found.ends_with(id)), "{asked}: {found:?}");
    }
    browser.open("");
    let unknown = search(browser, "64999");
    assert!(!unknown.is_empty() && unknown.iter().all(|id| id.ends_with("/unknown")), "{unknown:?}");
    assert_eq!(search(browser, ""), all);
}

/// Each with the first row of what it finds.
const PASTED: [(&str, &str); 15] = [
    ("wirecodes::discord::v10::GatewayCloseCode::DisallowedIntents", "discord/v10/gateway-close-codes/4014"),
    ("wirecodes::discord::v6::VoiceCloseCode::Disconnected", "discord/v6/voice-close-codes/4014"),
    ("VoiceCloseCode.Disconnected", "discord/v10/voice-close-codes/4014"),
    ("discord::v10::VoiceCloseCode::policy_for(Some(4006))", "discord/v10/voice-close-codes/4006"),
    ("WebSocket closed with 4014", "discord/v10/gateway-close-codes/4014"),
    ("websocket: close 4014: Disconnected.", "discord/v10/voice-close-codes/4014"),
    ("DiscordAPIError[50013]", "discord/v10/json-error-codes/50013"),
    ("403 Forbidden (error code: 50013): Missing Permissions", "discord/v10/json-error-codes/50013"),
    ("{\"message\": \"Missing Access\", \"code\":50001}", "discord/v10/json-error-codes/50001"),
    ("2026-09-30T12:00:01.123Z [shard 3] gateway closed: code 4004, again in 5 s", "discord/v10/gateway-close-codes/4004"),
    ("Received op9 from the gateway", "discord/v10/gateway-opcodes/9"),
    ("Close(Some(CloseFrame { code: Library(4009), reason: \"\" }))", "discord/v10/gateway-close-codes/4009"),
    ("Error [DisallowedIntents]: Privileged intent provided is not enabled.", "discord/v10/gateway-close-codes/4014"),
    ("Stream Errored (restart required)", "whatsapp/web/stream-errors/515"),
    ("gateway closed with 4998", "discord/v10/gateway-close-codes/unknown"),
];

fn a_path_or_a_line_of_a_log_finds_its_code(browser: &Browser) {
    browser.open("");
    for (line, first) in PASTED {
        let _ = search(browser, line);
        assert_eq!(in_order(browser).first().map(String::as_str), Some(first), "{line}");
    }
    // What the button copies finds its row and no other.
    let (id, ..) = some_code(browser);
    let path = "return document.getElementById(arguments[0]).querySelector('.id').title.replace('Copy ', '')";
    let path = text(&browser.run_with(path, &[json!(id)]));
    assert_eq!(search(browser, &path), BTreeSet::from([id]), "{path}");
    assert!(search(browser, "2026-09-30 12:00:01 from 10.0.0.1:443, v10").is_empty(), "dates, times and addresses are no codes");
}

fn a_misspelt_word_is_asked_about(browser: &Browser) {
    browser.open("");
    for (asked, meant, first) in [
        ("dissalowed intents", "disallowed intents", "discord/v10/gateway-close-codes/4014"),
        ("DisalowedIntents", "disallowedintents", "discord/v10/gateway-close-codes/4014"),
        ("unknwon interaction", "unknown interaction", "discord/v10/json-error-codes/10062"),
    ] {
        assert!(search(browser, asked).is_empty(), "{asked}");
        let hint = text(&browser.run("return document.getElementById('nothing').textContent"));
        assert_eq!(hint, format!("No code matches. Did you mean {meant}?"));
        browser.click("#hint button");
        assert_eq!(in_order(browser).first().map(String::as_str), Some(first), "{meant}");
    }
    assert!(search(browser, "zzzzzz").is_empty());
    assert_eq!(browser.run("return document.getElementById('hint').textContent"), json!("Search for another word."));
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
    let mut rows = in_order(browser);
    // Older editions were folded before.
    rows.retain(|id| before.contains(id));
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
    for filter in ["edition", "table"] {
        let options = browser.run_with(
            "return [...document.getElementsByName(arguments[0])[0].options].map(option => option.value)",
            &[json!(filter)],
        );
        for option in options.as_array().expect("a list").iter().skip(1) {
            let choose = "const select = document.getElementsByName(arguments[0])[0]; select.value = arguments[1]; select.dispatchEvent(new Event('input', {bubbles: true}))";
            browser.run_with(choose, &[json!(filter), option.clone()]);
            let rows = shown(browser);
            assert!(!rows.is_empty(), "{filter} {option}");
            let part = |id: &str| match filter {
                "edition" => id.splitn(3, '/').take(2).map(str::to_owned).reduce(|a, b| format!("{a}/{b}")),
                _ => id.split('/').nth(2).map(str::to_owned),
            };
            assert!(rows.iter().all(|id| part(id).as_deref() == option.as_str()), "{filter} {option}: {rows:?}");
        }
        browser.click("#clear");
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
        browser.click("#clear");
    }
}

/// With the heading that says of which table and edition it is, on a phone, too, and in an older edition, which is folded.
fn a_link_to_a_code_shows_it_and_wins_over_a_filter(browser: &Browser) {
    let places = "const row = document.getElementById(arguments[0]), head = row.closest('section').querySelector('h2');
        const [box, above] = [row, head].map(element => element.getBoundingClientRect());
        const covers = element => document.elementFromPoint(element.left + 20, element.top + element.height / 2);
        return [above.top >= 0 && above.bottom <= box.top && box.height > 0 && box.bottom <= innerHeight, covers(box)?.closest('tr')?.id,
                covers(above)?.closest('h2')?.textContent, document.title]";
    for width in [1280, 390] {
        browser.emulate(width, Scheme::Light);
        for (id, name, table) in [
            ("discord/v10/gateway-close-codes/4014", "4014 Disallowed intent(s)", "discord/v10 Gateway Close Event Codes"),
            ("discord/v10/rpc-opcodes/1", "1 FRAME", "discord/v10 Opcodes (RpcOpcode)"),
            ("discord/v6/voice-close-codes/4014", "4014 Disconnected", "discord/v6 Voice Close Event Codes"),
        ] {
            // Some programs encode a slash in a link.
            let linked = if width == 390 { id.replace('/', "%2F") } else { id.to_owned() };
            browser.open(&format!("?q=no-such-word#{linked}"));
            let title = format!("{name} · {table} · wirecodes");
            assert_eq!(browser.run_with(places, &[json!(id)]), json!([true, id, table, title]), "{width} pixels");
        }
    }
    // So does one that is followed on the page.
    browser.run("location.hash = '#discord/v10/gateway-opcodes'");
    browser.wait("return document.title === 'discord/v10 Gateway Opcodes · wirecodes'");
}

/// What was linked before is no longer what is shown: a link would lead to it and drop the filters.
fn a_link_holds_what_is_filtered(browser: &Browser) {
    browser.open("#discord/v10/gateway-close-codes/4014");
    assert!(search(browser, "the").len() > 20);
    for selector in
        ["select[name=edition] option[value='discord/v10'], select[name=edition] option:nth-child(2)", "input[value=stop]"]
    {
        browser.click(selector);
    }
    let rows = shown(browser);
    let address = text(&browser.run("return location.search + location.hash"));
    assert_eq!(address, "?q=the&edition=discord%2Fv10&action=stop");
    browser.open(&address);
    assert!(rows.len() > 3 && shown(browser) == rows, "{rows:?}");
    assert_eq!(browser.run("return document.title"), json!("the · wirecodes"));
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
    let open = "return [...document.querySelectorAll('details')].map(details => details.open)";
    let before = browser.run(open);
    browser.run("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.run("return [...document.querySelectorAll('svg')].every(svg => svg.checkVisibility())"), json!(true));
    browser.run("dispatchEvent(new Event('afterprint'))");
    assert_eq!(browser.run(open), before, "what was folded is not folded again");
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
