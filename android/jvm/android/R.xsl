<?xml version="1.0" encoding="UTF-8"?>
<!-- The names of the app's texts as a class, for compiling without Android's resource compiler. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:template match="/resources">
    <xsl:text>package dev.keyway.app;&#10;public final class R {&#10;  public static final class string {&#10;</xsl:text>
    <xsl:for-each select="string">
      <xsl:value-of select="concat('    public static final int ', @name, ' = ', position(), ';&#10;')"/>
    </xsl:for-each>
    <xsl:text>  }&#10;}&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
