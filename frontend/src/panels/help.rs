//! Help: what is what, the settings, the keys, the versions.

mod install;

use leptos::prelude::*;

use crate::components::choice_group::ChoiceGroup;
use crate::components::sheet::SheetDialog;
use crate::connection::PAGE_VERSION;
use crate::navigation::Navigation;
use crate::place::Sheet;
use crate::services::feedback;
use crate::settings::{SEND, Theme};
use crate::shortcut::SHORTCUTS;
use crate::state::{Server, Store};
use crate::text;
use crate::text::camera;
use crate::text::help as say;
use install::AsApp;

/// The button that opens it.
#[component]
pub(crate) fn HelpButton() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let open = move |_| navigation.go(navigation.here().with_sheet(Some(Sheet::Help)));
    view! {
        <button
            type="button"
            class="icon-button help-button"
            aria-label=text::HELP
            aria-haspopup="dialog"
            on:click=open
        >
            "?"
        </button>
    }
}

/// The help sheet.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let store = expect_context::<Store>();
    let navigation = expect_context::<Navigation>();
    let on_close = Callback::new(move |()| navigation.close_sheet());
    let privacy = move || {
        let sent = store.settings.with(|settings| settings.send);
        store.catalogue.with(|it| text::privacy(it.spec(), sent))
    };
    let versions = move || {
        store.server.with(|server| match server {
            Server::Here(status) => {
                let server = (status.version.as_str(), status.backend.engine.as_str());
                say::versions(PAGE_VERSION, Some(server))
            }
            Server::Unknown | Server::Away => say::versions(PAGE_VERSION, None),
        })
    };
    view! {
        <SheetDialog title=text::HELP on_close>
            <section class="help-part">
                <h3>{say::WHAT_TITLE}</h3>
                {say::WHAT.map(|sentence| view! { <p>{sentence}</p> })}
                <p>
                    <a
                        class="text-link"
                        href=say::LABORATORY_ADDRESS
                        target="_blank"
                        rel="noopener"
                    >
                        {say::LABORATORY}
                        <span class="visually-hidden">{text::inside::NEW_TAB}</span>
                    </a>
                </p>
            </section>
            <section class="help-part">
                <h3>{say::LEAVES_TITLE}</h3>
                <p>{privacy}</p>
                <p>{say::LEAVES_AGAIN}</p>
                <p>{say::LEAVES_ELSE}</p>
            </section>
            <section class="help-part">
                <h3>{camera::HELP_TITLE}</h3>
                {camera::HELP.map(|sentence| view! { <p>{sentence}</p> })}
            </section>
            <AsApp />
            <section class="help-part">
                <h3>{say::SETTINGS_TITLE}</h3>
                <Settings />
            </section>
            <section class="help-part">
                <h3>{say::KEYS_TITLE}</h3>
                <Keys />
            </section>
            <section class="help-part">
                <h3>{say::VERSIONS_TITLE}</h3>
                <p>{versions}</p>
            </section>
        </SheetDialog>
    }
}

#[component]
fn Settings() -> impl IntoView {
    let settings = expect_context::<Store>().settings;
    let theme = Signal::derive(move || {
        let theme = settings.with(|it| it.theme);
        Theme::ALL.iter().position(|(it, _)| *it == theme)
    });
    let send = Signal::derive(move || {
        let send = settings.with(|it| it.send);
        SEND.iter().position(|(it, _)| *it == send)
    });
    let on_theme =
        Callback::new(move |at: usize| settings.update(|it| it.theme = Theme::ALL[at].0));
    let on_send = Callback::new(move |at: usize| settings.update(|it| it.send = SEND[at].0));
    view! {
        <ChoiceGroup
            legend=say::THEME
            name="theme"
            choices=Theme::ALL.map(|(it, _)| say::theme(it)).to_vec()
            chosen=theme
            on_choose=on_theme
        />
        <ChoiceGroup
            legend=say::SEND
            name="send"
            choices=SEND.map(|(it, _)| say::send(it)).to_vec()
            chosen=send
            on_choose=on_send
        />
        <Switch
            is_on=Signal::derive(move || settings.with(|it| it.single_keys))
            on_change=Callback::new(move |is_on| settings.update(|it| it.single_keys = is_on))
            what=say::SINGLE_KEYS
        />
        {feedback::can_tick()
            .then(|| {
                view! {
                    <Switch
                        is_on=Signal::derive(move || settings.with(|it| it.tick))
                        on_change=Callback::new(move |is_on| settings.update(|it| it.tick = is_on))
                        what=say::TICK
                    />
                }
            })}
        {feedback::can_speak()
            .then(|| {
                view! {
                    <Switch
                        is_on=Signal::derive(move || settings.with(|it| it.speak))
                        on_change=Callback::new(move |is_on| {
                            settings.update(|it| it.speak = is_on);
                        })
                        what=say::SPEAK
                    />
                }
            })}
    }
}

#[component]
fn Switch(is_on: Signal<bool>, on_change: Callback<bool>, what: &'static str) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=is_on
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{what}</span>
        </label>
    }
}

#[component]
fn Keys() -> impl IntoView {
    let row = |keys: Vec<String>, what: &'static str| {
        let keys = keys.into_iter().map(|key| view! { <kbd>{key}</kbd> " " });
        view! {
            <div class="key">
                <dt>{keys.collect_view()}</dt>
                <dd>{what}</dd>
            </div>
        }
    };
    let everywhere = SHORTCUTS.map(|it| row(say::keys(&it), say::action(it.action)));
    let large = say::OTHER_KEYS
        .map(|(keys, what)| row(keys.iter().map(|&key| key.to_owned()).collect(), what));
    view! {
        <dl class="keys">{everywhere}</dl>
        <h4 class="keys-title">{say::IN_LARGE_VIEW}</h4>
        <dl class="keys">{large}</dl>
        <p>{say::WITHOUT_SINGLE_KEYS}</p>
    }
}
