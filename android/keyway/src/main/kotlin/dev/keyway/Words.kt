package dev.keyway

import java.util.Locale

/**
 * What to tell a resident about this error: what happened, what to do, what else works. In the language of [locale] if its words exist, else in English.
 *
 * `message` is for developers: the error's name and figures, never a secret.
 */
public fun KeywayException.advice(locale: Locale = Locale.getDefault()): Advice = advice(language(locale))

/** What to tell a resident about an app that could not be opened; see [KeywayException.advice]. */
public fun OpenException.advice(locale: Locale = Locale.getDefault()): Advice = advice(language(locale))

/** The advice as one text to show or to read aloud. */
public val Advice.text: String
    get() = listOf(happened, action, fallback).filter(String::isNotEmpty).joinToString(" ")

private fun language(locale: Locale): Language = languageOfTag(locale.toLanguageTag())
