/// What elements of HTML mean for text.
enum HTMLElement {
  /// They have no content and no end tag.
  static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
  ]
  /// Their content is no text of the page.
  static let silent: Set<String> = [
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "applet", "canvas", "audio", "video",
    "select", "datalist", "button", "textarea", "noembed", "noframes", "map", "rt", "rp", "head", "title", "dialog",
  ]
  /// They begin and end a block.
  static let block: Set<String> = [
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section", "summary", "table",
    "tbody", "tfoot", "thead", "tr", "ul",
  ]
  /// One of them ends when another of its kind begins.
  static let selfEnding: Set<String> = ["p", "li", "dt", "dd", "tr", "td", "th", "option"]
  static let furniture: Set<String> = ["nav", "aside", "footer", "menu"]
  static let furnitureRoles: Set<String> = [
    "navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "toolbar", "dialog", "alert",
  ]
  /// Words that classes and ids of furniture are made of.
  static let furnitureNames: Set<String> = [
    "nav", "navbar", "navigation", "menu", "sidebar", "breadcrumb", "breadcrumbs", "footer", "masthead", "cookie", "cookies",
    "consent", "gdpr", "newsletter", "subscribe", "share", "sharing", "sharebar", "social", "related", "recommended",
    "advert", "advertisement", "ads", "adbox", "sponsored", "promo", "pagination", "pager", "popup", "modal", "toolbar",
    "skiplink", "noprint", "navbox", "catlinks",
  ]
  /// What no name on it makes furniture.
  static let unnamed: Set<String> = ["html", "body", "main", "article"]

  /// The words of a class or an id: `site-nav__item` are three.
  static func isFurnitureName(_ text: String?) -> Bool {
    guard let text else { return false }
    return text.utf8.split { !(0x61...0x7A).contains($0 | 0x20) }.contains {
      furnitureNames.contains(String(Substring($0)).lowercased())
    }
  }
}
