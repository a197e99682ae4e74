//! What somebody puts into a name, and what somebody puts into a template, to get more out of it than text.

use kring_blocks::{
    At, Block, Dress, RenderError, Rendered, Sheet, Slip, Slot, Value, Values, What, Why, page_html, render,
};
use kring_core::{Lang, Tongue};

fn written(text: &str, values: &Values) -> Result<Rendered, RenderError> {
    let block = |what| Block { what, only_if: None };
    let sheet = Sheet {
        subject: text.lines().next().unwrap_or_default().chars().take(300).collect(),
        preview: String::new(),
        blocks: vec![block(What::Text { text: text.to_owned() })],
        ..Sheet::default()
    };
    render(&sheet, &Tongue::from(Lang::Nl), values, &Dress::default())
}

#[test]
fn a_value_is_text_and_nothing_else() {
    for name in [
        "[x](javascript:alert(1))",
        "[x](https://evil.example)",
        "<b>vet</b>",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "**vet**",
        "*schuin*",
        "{{ x }}",
        "{{ 7 * 7 }}",
        "{% for x in y %}",
        "# kop",
        "- punt",
        "`code`",
        "&lt;b&gt;",
        "\u{E000}3c\u{E001}",
        "' onmouseover='x",
        "]](https://evil.example)",
        "\\",
    ] {
        let values = Values::new().with("name", name);
        for text in
            ["Dag {{ name }}!", "Dag **{{ name }}**!", "Dag [{{ name }}](https://a.example/)!", "{{ name }}"]
        {
            let letter = written(text, &values).unwrap();
            let bare = text.starts_with("{{");
            assert!(letter.text.contains(name), "{text} with {name}: {}", letter.text);
            let escaped = name
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;");
            assert!(letter.html.contains(&escaped), "{text} with {name}: {}", letter.html);
            for (more, tag) in
                [("<b>", 0), ("<script", 0), ("<img", 0), ("<li", 0), ("<code", 0), ("<em", 0), ("<h1", 0)]
            {
                assert_eq!(letter.html.matches(more).count(), tag, "{text} with {name}");
            }
            assert!(!letter.html.contains("evil.example\""), "{text} with {name}");
            assert_eq!(
                letter.html.matches("<a ").count(),
                usize::from(text.contains("](")),
                "{text} with {name}"
            );
            assert_eq!(
                letter.html.matches("<strong>").count(),
                usize::from(text.contains("**")),
                "{text} with {name}"
            );
            assert!(!bare || letter.subject == name, "{}", letter.subject);
        }
    }
}

#[test]
fn a_value_in_an_attribute_stays_in_it() {
    let values = Values::new().with("name", "\" onload=\"x\" '><b>").with("link", "javascript:alert(1)");
    let block = |what| Block { what, only_if: None };
    let picture = What::Picture {
        src: "https://a.example/a.png".to_owned(),
        alt: "{{ name }}".to_owned(),
        decorative: false,
        link: String::new(),
    };
    let button =
        What::Button { label: "{{ name }}".to_owned(), link: "https://a.example/?q={{ name }}".to_owned() };
    let mut sheet = Sheet { blocks: vec![block(picture), block(button)], ..Sheet::default() };
    let nl = Tongue::from(Lang::Nl);
    let html = render(&sheet, &nl, &values, &Dress::default()).unwrap().html;
    let page = page_html(&sheet, &nl, &values, &Dress::default()).unwrap();
    for html in [html, page] {
        assert!(html.contains("?q=%22%20onload%3D%22x%22%20%27%3E%3Cb%3E\""), "{html}");
        assert!(!html.contains("onload=\"") && !html.contains("<b>"), "{html}");
    }
    sheet.blocks = vec![block(What::Button { label: "x".to_owned(), link: "{{ link }}".to_owned() })];
    let error = render(&sheet, &nl, &values, &Dress::default()).unwrap_err();
    assert_eq!((error.at, error.why), (At::Block(0, Slot::Link), Why::Link));
}

// Without fuel the deepest of these would take days: that they end is what is tested.
#[test]
fn loops_inside_loops_run_out_of_fuel() {
    let list = Value::List(vec!["x".repeat(20); 200]);
    let values = Values::new().with("list", list);
    let bomb = |depth: usize| {
        let open: String = (0..depth).map(|n| format!("{{% for x{n} in list %}}")).collect();
        format!("{open}{{{{ x0 }}}}{}", "{% endfor %}".repeat(depth))
    };
    assert!(written(&bomb(1), &values).is_ok());
    for depth in [2, 3, 4] {
        let error = written(&bomb(depth), &values).unwrap_err();
        assert_eq!(error.why, Why::TooMuch, "{depth}");
    }
    assert_eq!(written(&bomb(5), &values).unwrap_err().why, Why::Slip(Slip::TooDeep));
}

#[test]
fn work_on_large_values_runs_out_as_well() {
    let values = Values::new().with("list", vec!["a".repeat(2_000); 200]);
    let inside =
        |what: &str| format!("{{% for x in list %}}{{% for y in list %}}{what}{{% endfor %}}{{% endfor %}}");
    for text in [
        inside("{% if list|join(',')|upper == 'x' %}{% endif %}"),
        inside("{% if y in list %}{% endif %}"),
        inside("{% if y == x %}{% endif %}"),
        inside("{% if x|upper|lower|upper|lower|upper %}{% endif %}"),
        "{% for x in list %}{{ list }}{% endfor %}".to_owned(),
        "{{ list }}".to_owned(),
    ] {
        assert_eq!(written(&text, &values).unwrap_err().why, Why::TooMuch, "{text}");
    }
}

#[test]
fn megabytes_are_refused() {
    for text in ["x", "{{ name }}", "{% if name %}x{% endif %}", "{", "{{", "{{ (", "{# #}", "*", "\n- "] {
        let text = text.repeat(1_000_000 / text.len());
        assert!(matches!(written(&text, &Values::new().with("name", "x")).unwrap_err().why, Why::Slip(_)));
    }
    let large = "x".repeat(1_000_000);
    for value in [Value::Text(large.clone()), Value::List(vec![large]), Value::List(vec![String::new(); 201])]
    {
        let values = Values::new().with("name", "x").with("large", value);
        assert_eq!(written("{{ large }}", &values).unwrap_err().why, Why::Value("large".to_owned()));
        assert!(written("{{ name }}", &values).is_ok(), "a value that nobody asks for is not read");
    }
}

#[test]
fn long_expressions_cost_no_stack() {
    let values = Values::new().with("a", "x").with("b", true);
    for piece in
        [" and a", " or a", " == a", " in a", "|upper", "|default(a)", " not in a", " and not a", " < a < a"]
    {
        let text = format!("{{{{ a{} }}}}", piece.repeat(19_000 / piece.len()));
        let _ = written(&text, &values);
        let text = format!("{{% if a{} %}}x{{% endif %}}", piece.repeat(19_000 / piece.len()));
        let _ = written(&text, &values);
    }
    let _ = written(&format!("{{{{ {}a }}}}", "not ".repeat(4_900)), &values);
    for piece in [" and b", "|upper", " == a"] {
        let tag = |times: usize| format!("{{% if b and a{} %}}x{{% endif %}}", piece.repeat(times));
        assert_ne!(written(&tag(28), &values).map_err(|e| e.why), Err(Why::Slip(Slip::TooLong)));
        assert_eq!(written(&tag(29), &values).map_err(|e| e.why), Err(Why::Slip(Slip::TooLong)));
    }
    let elifs = "{% elif not b %}".repeat(190);
    let _ = written(&format!("{{% if not b %}}{elifs}{{% endif %}}"), &values);
}

#[test]
fn the_engine_knows_nothing_of_ours() {
    for text in [
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set x = 1 %}",
        "{{ range(99999999) }}",
        "{{ 'a' * 99999999 }}",
        "{{ name.upper() }}",
        "{{ name[0] }}",
        "{{ self }}",
        "{% for x in list recursive %}{{ loop(x) }}{% endfor %}",
        "{{ debug() }}",
        "{{ name|safe }}",
        "{% raw %}{{ x }}{% endraw %}",
        "{% autoescape false %}{% endautoescape %}",
    ] {
        let values = Values::new().with("name", "x").with("list", vec!["x".to_owned()]);
        let error = written(text, &values).unwrap_err();
        assert!(matches!(error.why, Why::Slip(_) | Why::Unknown(_)), "{text}: {error}");
    }
}

#[test]
fn errors_hold_no_value() {
    let values = Values::new().with("secret", "Noor de Wit 0612345678").with("flag", true);
    for text in [
        "{{ secret + 1 }}",
        "{{ flag }}",
        "{% for x in secret %}{% endfor %}",
        "{{ secret|join(flag) }}",
        "{{ secret secret }}",
    ] {
        let error = written(text, &values).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("Noor"), "{error:?}");
    }
}
