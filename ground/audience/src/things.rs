//! The things that people are linked to, each with its facts and its people.

use hashbrown::HashMap;
use kring_rules::{Days, Now};
use serde::{Deserialize, Serialize};

use crate::{
    plan::{Leaf, Plan},
    schema::Fields,
};

/// All things on the other side of one fact. There are tens of thousands, not millions, so they are plain rows.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Things {
    pub fields: Fields,
    by_id: HashMap<i64, u32>,
    pub list: Vec<Thing>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Thing {
    pub id: i64,
    /// A thing that people are linked to before it was told of, or after it went, has a row and no facts.
    pub here: bool,
    pub values: Vec<Value>,
    /// Number of the person and kind of the link, sorted; so all links of a person stand together.
    pub people: Vec<(u32, u32)>,
}

#[derive(Clone, Default, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Value {
    #[default]
    Nothing,
    /// A choice has one, tags have any number.
    Codes(Vec<u32>),
    /// A number or a day.
    Number(i64),
    Set,
}

impl Things {
    pub fn new(fields: Fields) -> Self {
        Self { fields, by_id: HashMap::new(), list: Vec::new() }
    }

    pub fn find(&self, id: i64) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// The number of a thing, which gets a row when it has none.
    pub fn number(&mut self, id: i64) -> u32 {
        if let Some(number) = self.find(id) {
            return number;
        }
        let number = self.list.len() as u32;
        let values = vec![Value::Nothing; self.fields.list.len()];
        self.list.push(Thing { id, here: false, values, people: Vec::new() });
        self.by_id.insert(id, number);
        number
    }

    pub fn get(&self, number: u32) -> Option<&Thing> {
        self.list.get(number as usize)
    }

    pub fn get_mut(&mut self, number: u32) -> Option<&mut Thing> {
        self.list.get_mut(number as usize)
    }

    pub fn bytes(&self) -> usize {
        let rows = self
            .list
            .iter()
            .map(|thing| thing.people.capacity() * 8 + thing.values.capacity() * size_of::<Value>());
        self.list.capacity() * size_of::<Thing>()
            + rows.sum::<usize>()
            + self.by_id.capacity() * 17
            + self.fields.bytes()
    }
}

impl Thing {
    /// Whether a rule on its facts holds; never for a thing that is not there.
    pub fn holds(&self, plan: &Plan, now: Now) -> bool {
        self.here && plan.holds(&|leaf| self.leaf(leaf, now))
    }

    fn leaf(&self, leaf: &Leaf, now: Now) -> bool {
        let value = |field: u16| self.values.get(usize::from(field)).unwrap_or(&Value::Nothing);
        match leaf {
            Leaf::Codes { field, codes } => {
                matches!(value(*field), Value::Codes(own) if own.iter().any(|code| codes.contains(code)))
            }
            Leaf::Known { field } => match value(*field) {
                Value::Codes(codes) => !codes.is_empty(),
                Value::Nothing => false,
                Value::Number(_) | Value::Set => true,
            },
            Leaf::Number { field, from, to } => {
                matches!(value(*field), Value::Number(number) if (from..=to).contains(&number))
            }
            Leaf::Days { field, .. } => {
                let Days { from, to } = leaf.days(now);
                matches!(value(*field), Value::Number(day) if (i64::from(from)..=i64::from(to)).contains(day))
            }
            Leaf::Flag { field } => *value(*field) == Value::Set,
            _ => false,
        }
    }
}
