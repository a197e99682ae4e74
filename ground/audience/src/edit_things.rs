//! Changes of linked things: they come to fit leaves or no longer do, and their people's leaves turn with them.

use crate::{
    Audience, Fault,
    change::Value,
    edit::fits,
    schema::Holds,
    things::Value as Held,
    wave::{Moved, Wave},
};

impl Audience {
    pub(crate) fn links(&self, fact: &str) -> Result<u16, Fault> {
        let (field, holds) = self.fields.find(fact).ok_or_else(|| Fault::NoFact(fact.to_owned()))?;
        match holds {
            Holds::Links(_) => Ok(field),
            _ => Err(Fault::WrongKind(fact.to_owned())),
        }
    }

    /// The number of a thing. A new one is held against all leaves: one that asks nothing of a thing fits it at once.
    pub(crate) fn thing_number(&mut self, field: u16, id: i64) -> u32 {
        let Some(things) = self.things.get_mut(usize::from(field)).and_then(Option::as_mut) else { return 0 };
        if let Some(number) = things.find(id) {
            return number;
        }
        let number = things.number(id);
        self.refit_all(field, number, &mut Wave::default());
        number
    }

    fn refit_all(&mut self, field: u16, thing: u32, wave: &mut Wave) {
        for leaf in self.linked_leaves(field) {
            self.refit(leaf, thing, wave);
        }
    }

    pub(crate) fn thing(&mut self, fact: &str, id: i64, on: bool) -> Result<Vec<Moved>, Fault> {
        let field = self.links(fact)?;
        let number = self.thing_number(field, id);
        let things = self.things.get_mut(usize::from(field)).and_then(Option::as_mut);
        if let Some(thing) = things.and_then(|things| things.get_mut(number)) {
            thing.here = on;
            if !on {
                thing.values.fill(Held::Nothing);
            }
        }
        let mut wave = Wave::default();
        self.refit_all(field, number, &mut wave);
        Ok(self.settle(wave))
    }

    pub(crate) fn set_thing(
        &mut self,
        of: &str,
        id: i64,
        fact: &str,
        value: Value<'_>,
    ) -> Result<Vec<Moved>, Fault> {
        let field = self.links(of)?;
        let things = self.things.get_mut(usize::from(field)).and_then(Option::as_mut);
        let things = things.ok_or_else(|| Fault::NoFact(of.to_owned()))?;
        let (place, holds) = things.fields.find(fact).ok_or_else(|| Fault::NoFact(fact.to_owned()))?;
        if !fits(holds, &value) {
            return Err(Fault::WrongKind(fact.to_owned()));
        }
        let number = things.find(id).filter(|&number| things.get(number).is_some_and(|thing| thing.here));
        let number = number.ok_or(Fault::NoThing(id))?;
        let code = match value {
            Value::Choice(Some(code)) | Value::Tag { code, .. } => Some(things.fields.learn(place, code)),
            _ => None,
        };
        let held = things.get_mut(number).and_then(|thing| thing.values.get_mut(usize::from(place)));
        if let Some(held) = held {
            match (value, code) {
                (Value::Tag { on, .. }, Some(code)) => tag(held, code, on),
                (Value::Choice(_) | Value::Tag { .. }, code) => {
                    *held = code.map_or(Held::Nothing, |code| Held::Codes(vec![code]));
                }
                (Value::Number(number), _) => *held = number.map_or(Held::Nothing, Held::Number),
                (Value::Day(day), _) => {
                    *held = day.map_or(Held::Nothing, |day| Held::Number(i64::from(day.number())));
                }
                (Value::Flag(on), _) => *held = if on { Held::Set } else { Held::Nothing },
            }
        }
        let mut wave = Wave::default();
        self.refit_all(field, number, &mut wave);
        Ok(self.settle(wave))
    }
}

fn tag(held: &mut Held, code: u32, on: bool) {
    if let Held::Codes(codes) = held {
        codes.retain(|&one| one != code);
        if on {
            codes.push(code);
        }
    } else if on {
        *held = Held::Codes(vec![code]);
    }
}
