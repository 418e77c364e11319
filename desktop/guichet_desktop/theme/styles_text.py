"""Texts in their roles, pills and key caps."""

from __future__ import annotations

from string import Template

TEXT = Template(
    """
QLabel { background: transparent; color: $text; font-size: ${px13}px; }
QLabel:disabled { color: $text3; }
QLabel[role="title"] { font-size: ${px20}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${px15}px; font-weight: 600; }
QLabel[role="label"] { font-size: ${px12}px; font-weight: 600; color: $text2; }
QLabel[role="say"] { font-size: ${px15}px; color: $text; }
QLabel[role="muted"] { color: $text2; }
QLabel[role="meta"] { font-size: ${px12}px; color: $text2; }
QLabel[role="error"] { font-size: ${px12}px; color: $bad; font-weight: 500; }
QLabel[role="number"] { font-size: ${px22}px; font-weight: 600; }
QLabel[role="brand"] { font-size: ${px15}px; font-weight: 600; }
QLabel[pill] { border-radius: ${px9}px; padding: ${px2}px ${px9}px; font-size: ${px12}px; font-weight: 600;
  border: 1px solid $pillLine; }
QLabel[pill="ok"] { color: $ok; background: $okBg; }
QLabel[pill="warn"] { color: $warn; background: $warnBg; }
QLabel[pill="bad"] { color: $bad; background: $badBg; }
QLabel[pill="info"] { color: $onTint; background: $tint; }
QLabel[pill="mute"] { color: $text2; background: $sunken; border-color: $line; }
QLabel[keycap="true"] { background: $raised; border: 1px solid $line; border-bottom: 2px solid $line; border-radius: ${px5}px;
  padding: ${px1}px ${px6}px; font-size: ${px11}px; font-weight: 600; color: $text2; }
"""
)
