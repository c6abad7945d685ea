//! The surface: what the metadata in the built library says.

use crate::types::{camel, kotlin, kotlin_class, rust, swift};
use std::collections::BTreeMap;
use std::path::Path;
use uniffi_bindgen::macro_metadata::extract_from_library;
use uniffi_meta::{EnumMetadata, FieldMetadata, FnParamMetadata, Metadata, RecordMetadata, Type};

/// Whatever can be called.
#[derive(Clone, Debug)]
pub(crate) struct Callable {
    pub(crate) name: String,
    pub(crate) is_async: bool,
    pub(crate) is_constructor: bool,
    pub(crate) inputs: Vec<FnParamMetadata>,
    pub(crate) output: Option<Type>,
    pub(crate) throws: Option<Type>,
    pub(crate) documented: bool,
}

/// What a type is, and what it consists of.
#[derive(Debug)]
pub(crate) enum Kind {
    Object,
    /// A trait that a shell implements.
    Foreign,
    Record(Vec<FieldMetadata>),
    Enum(EnumMetadata),
    /// Another name of a simpler type.
    Custom(Type),
}

/// A type, and the first sentence about it.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) kind: Kind,
    pub(crate) about: String,
    undocumented: Vec<String>,
}

/// All of it, by name.
#[derive(Debug, Default)]
pub(crate) struct Surface {
    pub(crate) types: BTreeMap<String, Described>,
    /// By the type that they are called on; free functions have the empty name.
    pub(crate) callables: BTreeMap<String, Vec<Callable>>,
}

impl Surface {
    pub(crate) fn of(library: &Path) -> Self {
        let path = library.to_str().expect("a path in UTF-8");
        let mut all = extract_from_library(path.into()).expect("the library has its metadata");
        all.sort();
        all.dedup();
        let mut surface = Self::default();
        for metadata in all {
            surface.add(metadata);
        }
        for callables in surface.callables.values_mut() {
            callables.sort_by_key(|callable| (!callable.is_constructor, callable.name.clone()));
        }
        surface
    }

    fn add(&mut self, metadata: Metadata) {
        match metadata {
            Metadata::Func(f) => self.call(
                "",
                f.name,
                f.is_async,
                f.inputs,
                f.return_type,
                f.throws,
                f.docstring,
            ),
            Metadata::Method(m) => self.call(
                &m.self_name,
                m.name,
                m.is_async,
                m.inputs,
                m.return_type,
                m.throws,
                m.docstring,
            ),
            Metadata::TraitMethod(m) => self.call(
                &m.trait_name,
                m.name,
                m.is_async,
                m.inputs,
                m.return_type,
                m.throws,
                m.docstring,
            ),
            Metadata::Constructor(c) => {
                self.call(
                    &c.self_name,
                    c.name,
                    c.is_async,
                    c.inputs,
                    None,
                    c.throws,
                    c.docstring,
                );
                let made = self
                    .callables
                    .get_mut(&c.self_name)
                    .and_then(|all| all.last_mut());
                made.expect("it was added").is_constructor = true;
            }
            Metadata::Object(o) => {
                let kind = if o.imp.has_callback_interface() {
                    Kind::Foreign
                } else {
                    Kind::Object
                };
                self.describe(o.name, kind, o.docstring, Vec::new());
            }
            Metadata::Record(RecordMetadata {
                name,
                fields,
                docstring,
                ..
            }) => {
                let silent = undocumented(&fields);
                self.describe(name, Kind::Record(fields), docstring, silent);
            }
            Metadata::Enum(e) => {
                let of_variant = |variant: &uniffi_meta::VariantMetadata| {
                    let own = variant.docstring.is_none().then(|| variant.name.clone());
                    own.into_iter()
                        .chain(undocumented(&variant.fields))
                        .collect::<Vec<_>>()
                };
                let silent = e.variants.iter().flat_map(of_variant).collect();
                let (name, docstring) = (e.name.clone(), e.docstring.clone());
                self.describe(name, Kind::Enum(e), docstring, silent);
            }
            Metadata::CustomType(c) => {
                self.describe(c.name, Kind::Custom(c.builtin), c.docstring, Vec::new())
            }
            Metadata::Namespace(_) | Metadata::UniffiTrait(_) => {}
            other => unreachable!("not used by this library: {other:?}"),
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the fields that three kinds of metadata share"
    )]
    fn call(
        &mut self,
        of: &str,
        name: String,
        is_async: bool,
        inputs: Vec<FnParamMetadata>,
        output: Option<Type>,
        throws: Option<Type>,
        docstring: Option<String>,
    ) {
        self.callables
            .entry(of.to_owned())
            .or_default()
            .push(Callable {
                name,
                is_async,
                is_constructor: false,
                inputs,
                output,
                throws,
                documented: docstring.is_some(),
            });
    }

    fn describe(
        &mut self,
        name: String,
        kind: Kind,
        docstring: Option<String>,
        mut silent: Vec<String>,
    ) {
        let about = docstring.unwrap_or_default();
        let first = about.lines().take_while(|line| !line.trim().is_empty());
        let about = first.map(str::trim).collect::<Vec<_>>().join(" ");
        if about.is_empty() {
            silent.push(name.clone());
        }
        self.types.insert(
            name,
            Described {
                kind,
                about,
                undocumented: silent,
            },
        );
    }

    /// Exports that cannot say what went wrong.
    pub(crate) fn without_errors(&self) -> Vec<String> {
        self.each_callable()
            .filter(|(_, callable)| callable.throws.is_none())
            .map(|(of, callable)| format!("{of}.{}", callable.name))
            .collect()
    }

    /// Whatever a shell's author reads nothing about.
    pub(crate) fn undocumented(&self) -> Vec<String> {
        let calls = self
            .each_callable()
            .filter(|(_, callable)| !callable.documented)
            .map(|(of, callable)| format!("{of}.{}", callable.name));
        let types = self.types.iter().flat_map(|(name, described)| {
            described
                .undocumented
                .iter()
                .map(move |part| format!("{name}.{part}"))
        });
        calls.chain(types).collect()
    }

    fn each_callable(&self) -> impl Iterator<Item = (&String, &Callable)> {
        self.callables
            .iter()
            .flat_map(|(of, all)| all.iter().map(move |callable| (of, callable)))
    }
}

fn undocumented(fields: &[FieldMetadata]) -> Vec<String> {
    let silent = fields.iter().filter(|field| field.docstring.is_none());
    silent.map(|field| field.name.clone()).collect()
}

impl Callable {
    /// As it stands in the library's source.
    pub(crate) fn rust(&self, of: &str) -> String {
        let inputs = self
            .inputs
            .iter()
            .map(|input| format!("{}: {}", input.name, rust(&input.ty)));
        let inputs = inputs.collect::<Vec<_>>().join(", ");
        let output = match &self.output {
            _ if self.is_constructor => format!("Arc<{of}>"),
            Some(output) => rust(output),
            None => "()".to_owned(),
        };
        let throws = self.throws.as_ref().map(rust).unwrap_or_default();
        let is_async = if self.is_async { "async " } else { "" };
        format!(
            "{is_async}fn {}({inputs}) -> Result<{output}, {throws}>",
            self.name
        )
    }

    /// As the generated Swift declares it.
    pub(crate) fn swift(&self, of: &str) -> String {
        let inputs = self
            .inputs
            .iter()
            .map(|input| format!("{}: {}", camel(&input.name), swift(&input.ty)));
        let inputs = inputs.collect::<Vec<_>>().join(", ");
        let output = match &self.output {
            _ if self.is_constructor => format!(" -> {of}"),
            Some(output) => format!(" -> {}", swift(output)),
            None => String::new(),
        };
        let is_async = if self.is_async { "async " } else { "" };
        format!(
            "func {}({inputs}) {is_async}throws{output}",
            camel(&self.name)
        )
    }

    /// As the generated Kotlin declares it.
    pub(crate) fn kotlin(&self, of: &str) -> String {
        let inputs = self
            .inputs
            .iter()
            .map(|input| format!("{}: {}", camel(&input.name), kotlin(&input.ty)));
        let inputs = inputs.collect::<Vec<_>>().join(", ");
        let output = match &self.output {
            _ if self.is_constructor => format!(": {}", kotlin_class(of)),
            Some(output) => format!(": {}", kotlin(output)),
            None => String::new(),
        };
        let is_async = if self.is_async { "suspend " } else { "" };
        format!("{is_async}fun {}({inputs}){output}", camel(&self.name))
    }
}
