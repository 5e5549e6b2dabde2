//! `lab-page MARKDOWN DIR`: writes the laboratory's text as `lab.html` into the page's folder, so
//! that a class without the internet has it, too, and the page can link to its sections.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// The page's style sheet, by the beginning of its name, which ends in a hash, and the text's own.
const STYLES: [&str; 2] = ["style-", "lab"];

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [markdown, folder] = arguments.as_slice() else {
        eprintln!("usage: lab-page MARKDOWN DIR");
        return ExitCode::FAILURE;
    };
    match run(Path::new(markdown), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lab-page: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(markdown: &Path, folder: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(markdown).with_context(|| markdown.display().to_string())?;
    let styles = STYLES
        .map(|name| stylesheet(folder, name))
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let page = folder.join("lab.html");
    fs::write(&page, render(&text, &styles)).with_context(|| page.display().to_string())?;
    // The text links to the notebook beside it.
    let notebook = markdown.with_extension("ipynb");
    fs::copy(&notebook, folder.join("lab.ipynb"))
        .with_context(|| notebook.display().to_string())?;
    Ok(())
}

/// The built stylesheet whose name begins so.
fn stylesheet(folder: &Path, name: &str) -> anyhow::Result<String> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        let is_css = Path::new(&file).extension().is_some_and(|e| e == "css");
        if is_css && file.starts_with(name) {
            return Ok(file);
        }
    }
    bail!("{}: no {name}….css, build the page first", folder.display());
}

/// The text as a page. Links to files that are not beside it become plain text.
fn render(markdown: &str, styles: &[String]) -> String {
    let links: String = styles
        .iter()
        .map(|file| format!("<link rel=\"stylesheet\" href=\"{file}\">\n"))
        .collect();
    let mut body = String::new();
    html::push_html(&mut body, events(markdown).into_iter());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>The laboratory – Conch</title>\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n{links}</head>\n\
         <body>\n<main class=\"lab\">\n<p class=\"lab-back\"><a href=\"./\">To the photos</a></p>\n\
         {body}</main>\n</body>\n</html>\n"
    )
}

fn events(markdown: &str) -> Vec<Event<'_>> {
    let mut dead_links = Vec::new();
    let keep = |event| match event {
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let is_dead = !is_here(dest_url);
            dead_links.push(is_dead);
            (!is_dead).then_some(event)
        }
        Event::End(TagEnd::Link) => (!dead_links.pop().unwrap_or_default()).then_some(event),
        // A block of code scrolls sideways: by the keyboard, too.
        Event::Start(Tag::CodeBlock(_)) => Some(Event::Html("<pre tabindex=\"0\"><code>".into())),
        Event::End(TagEnd::CodeBlock) => Some(Event::Html("</code></pre>\n".into())),
        _ => Some(event),
    };
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    parser.filter_map(keep).collect()
}

/// Whether a link leads to this page, to the notebook beside it, or out into the world.
fn is_here(link: &str) -> bool {
    link.starts_with('#') || link == "lab.ipynb" || link.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_stay_and_dead_links_become_text() {
        let page = render(
            "<a id=\"top-5\"></a>\n## Ten\n\n[a](#top-5) [b](../ARCHITECTURE.md) [c](lab.ipynb)\n",
            &["style-1.css".to_owned()],
        );
        assert!(page.contains("<a id=\"top-5\"></a>"));
        assert!(page.contains("<a href=\"#top-5\">a</a> b <a href=\"lab.ipynb\">c</a>"));
        assert!(page.contains("href=\"style-1.css\""));
    }

    #[test]
    fn code_is_text_and_can_be_reached_by_keyboard() {
        let page = render("```sh\nconch <x>\n```\n", &[]);
        assert!(page.contains("<pre tabindex=\"0\"><code>conch &lt;x&gt;\n</code></pre>"));
    }
}
