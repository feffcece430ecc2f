//! The tables that are measured, each with all who answer for it.

use std::str::FromStr as _;

use crate::measure::Contender;

/// The tables as people write them instead.
#[allow(dead_code, missing_docs, clippy::all, clippy::pedantic, reason = "every table has all of them, and not each is asked")]
mod contenders {
    include!(concat!(env!("OUT_DIR"), "/contenders.rs"));
}

/// One kind of question to one table.
pub struct Job {
    /// The table and the question.
    pub title: String,
    /// Who answers. The first is the generated crate, the second does nothing but return.
    pub contenders: Vec<Contender>,
    /// How many questions are about a code of the table. The others are about none.
    pub known: usize,
    /// How many questions there are.
    pub questions: usize,
}

/// The number that means that nothing was found.
const NOTHING: u32 = u32::MAX;

/// A number of a table's type as what the functions here return.
macro_rules! found {
    ($answer:expr) => {
        match $answer {
            Some(code) => code as u32,
            None => NOTHING,
        }
    };
}

/// Numbers without a row, at random, up to a quarter more than the greatest number.
fn unknown(known: &[u32], count: usize) -> Vec<u32> {
    let mut random = fastrand::Rng::with_seed(7);
    let greatest = known.iter().max().copied().unwrap_or_default();
    let numbers = std::iter::repeat_with(|| random.u32(0..=greatest + greatest / 4 + 1));
    numbers.filter(|number| !known.contains(number)).take(count).collect()
}

/// The jobs of one table.
macro_rules! jobs {
    ($jobs:ident, $title:literal, $module:ident, $Enum:ty, [$($extra:expr),*]) => {{
        use contenders::$module::{Derived, HASHED_NAMES, HASHED_NUMBERS, LIST, Named, Number, PHF_NUMBERS, Plain};
        let known: Vec<u32> = LIST.iter().map(|row| u32::from(row.0)).collect();
        let numbers: Vec<u32> = known.iter().copied().chain(unknown(&known, known.len())).collect();
        let asked = || -> Vec<Number> { numbers.iter().map(|number| Number::try_from(*number).expect("it fits")).collect() };
        let contenders = vec![
            Contender::new("wirecodes", asked(), |number: Number| found!(<$Enum>::from_code(number))),
            Contender::new("(empty call)", asked(), |number: Number| u32::from(number) ^ 1),
            Contender::new("(one load)", asked(), |number: Number| LOADED[number as usize & 0x3FF]),
            Contender::new("match", asked(), |number: Number| found!(Plain::from_number(number))),
            Contender::new("num_enum", asked(), |number: Number| found!(Derived::try_from(number).ok())),
            Contender::new("strum", asked(), |number: Number| found!(Derived::from_repr(number))),
            Contender::new("phf", asked(), |number: Number| found!(PHF_NUMBERS.get(&number).copied())),
            Contender::new("HashMap", asked(), |number: Number| found!(HASHED_NUMBERS.get(&number).copied())),
        ];
        let contenders: Vec<Contender> = contenders.into_iter().chain([$($extra(asked())),*]).collect();
        $jobs.push(Job { title: format!("{}: number → enum", $title), contenders, known: known.len(), questions: numbers.len() });

        let own: Vec<$Enum> = known.iter().map(|number| <$Enum>::from_code(*number as Number).expect("a code")).collect();
        let named: Vec<Named> = known.iter().map(|number| Named::try_from(*number as Number).ok().expect("a code")).collect();
        let plain: Vec<Plain> = known.iter().map(|number| Plain::from_number(*number as Number).expect("a code")).collect();
        let contenders = vec![
            Contender::new("wirecodes", own.clone(), |code: $Enum| code.name().len() as u32),
            Contender::new("(empty call)", own.clone(), |code: $Enum| code as u32 ^ 1),
            Contender::new("wirecodes, summary", own, |code: $Enum| code.summary().len() as u32),
            Contender::new("match", plain, |code: Plain| code.name().len() as u32),
            Contender::new("strum", named, |code: Named| <&str>::from(code).len() as u32),
        ];
        $jobs.push(Job { title: format!("{}: enum → name", $title), contenders, known: known.len(), questions: known.len() });

        let names: Vec<&'static str> = LIST.iter().map(|row| row.1).collect();
        let documented: Vec<&'static str> = LIST.iter().map(|row| row.2).collect();
        let contenders = vec![
            Contender::new("wirecodes", names.clone(), |name: &str| found!(<$Enum>::from_str(name).ok())),
            Contender::new("(empty call)", names.clone(), |name: &str| name.len() as u32 ^ 1),
            Contender::new("wirecodes, documented names", documented, |name: &str| found!(<$Enum>::from_str(name).ok())),
            Contender::new("match", names.clone(), |name: &str| found!(Plain::from_name(name))),
            Contender::new("strum", names.clone(), |name: &str| found!(Derived::from_str(name).ok())),
            Contender::new("HashMap", names.clone(), |name: &str| found!(HASHED_NAMES.get(name).copied())),
        ];
        $jobs.push(Job { title: format!("{}: name → enum", $title), contenders, known: known.len(), questions: known.len() });
    }};
}

/// What one load answers: nothing that anybody asks for. It is the least that a look-up can take.
static LOADED: [u32; 1024] = {
    let mut numbers = [0; 1024];
    let mut at = 0;
    while at < numbers.len() {
        numbers[at] = at as u32 ^ 1;
        at += 1;
    }
    numbers
};

/// All jobs.
pub fn jobs() -> Vec<Job> {
    use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, JsonErrorCode};
    let close_code = |asked| {
        Contender::new("twilight", asked, |number: u16| found!(twilight_model::gateway::CloseCode::try_from(number).ok()))
    };
    let opcode = |asked| Contender::new("twilight", asked, |number: u8| found!(twilight_model::gateway::OpCode::from(number)));
    let mut jobs = Vec::new();
    jobs!(jobs, "JSON error codes", json_error_codes, JsonErrorCode, []);
    jobs!(jobs, "Close codes", gateway_close_codes, GatewayCloseCode, [close_code]);
    jobs!(jobs, "Opcodes", gateway_opcodes, GatewayOpcode, [opcode]);
    jobs.extend(policies());
    jobs
}

/// The answers of close codes, by number and by variant.
fn policies() -> [Job; 2] {
    use contenders::gateway_close_codes::{HASHED_ACTIONS, LIST, Plain, action};
    use wirecodes::Action;
    use wirecodes::discord::v10::GatewayCloseCode as Own;
    let known: Vec<u32> = LIST.iter().map(|row| u32::from(row.0)).collect();
    let asked =
        || -> Vec<u16> { known.iter().copied().chain(unknown(&known, known.len())).map(|number| number as u16).collect() };
    let contenders = vec![
        Contender::new("wirecodes", asked(), |number| Own::policy_for(Some(number)).action as u32),
        Contender::new("(empty call)", asked(), |number| u32::from(number) ^ 1),
        Contender::new("match", asked(), |number| action(number) as u32),
        Contender::new("HashMap", asked(), |number| *HASHED_ACTIONS.get(&number).unwrap_or(&Action::Resume) as u32),
    ];
    let by_number =
        Job { title: "Close codes: number → action".to_owned(), contenders, known: known.len(), questions: asked().len() };
    let own: Vec<Own> = known.iter().map(|number| Own::from_code(*number as u16).expect("a code")).collect();
    let plain: Vec<Plain> = known.iter().map(|number| Plain::from_number(*number as u16).expect("a code")).collect();
    let contenders = vec![
        Contender::new("wirecodes", own.clone(), |code: Own| code.policy().action as u32),
        Contender::new("(empty call)", own, |code: Own| code as u32 ^ 1),
        Contender::new("match", plain, |code: Plain| code.action() as u32),
    ];
    let by_variant =
        Job { title: "Close codes: enum → action".to_owned(), contenders, known: known.len(), questions: known.len() };
    [by_number, by_variant]
}
